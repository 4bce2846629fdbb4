import { main } from "@pulumi/pulumi/provider/index.js";
import { cloudOfEnvironment } from "../cloud/open.ts";
import type { Vendor } from "./resource.ts";
import { allowAbsentProperties } from "./absent-properties.ts";
import { StandIn } from "./stand-in.ts";

/** Put in by the bundler: the version of the vendor's npm package that is stood in for. */
declare const PLUGIN_VERSION: string;

/** Serves the engine as the provider of a vendor, for the rehearsal cloud of the environment and for nothing else. */
export function serve(vendor: Vendor): void {
  allowAbsentProperties();
  try {
    const standIn = new StandIn(vendor, cloudOfEnvironment(), PLUGIN_VERSION);
    void main(standIn, process.argv.slice(2));
  } catch (error) {
    // The engine shows what a plugin says on standard error before it ends.
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
