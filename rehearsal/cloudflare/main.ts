import { serve } from "../plugin/serve.ts";
import { cloudflare } from "./vendor.ts";

serve(cloudflare);
