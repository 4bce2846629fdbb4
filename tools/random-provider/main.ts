import { main } from "@pulumi/pulumi/provider/index.js";
import { RandomProvider } from "./provider.ts";

/** Put in by the bundler: the version of the npm package @pulumi/random. */
declare const PROVIDER_VERSION: string;

void main(new RandomProvider(PROVIDER_VERSION), process.argv.slice(2));
