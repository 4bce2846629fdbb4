import { serve } from "../plugin/serve.ts";
import { linode } from "./vendor.ts";

serve(linode);
