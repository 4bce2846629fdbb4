import { existsSync, readFileSync } from "node:fs";
import { forServers, prepareGround } from "./ground.ts";
import { pluginNeeded } from "./plugin.ts";
import { settingsFile } from "./stack-settings.ts";
import { vendorPlugin, vendorProvider, type CloudVendor } from "./steps/vendor-provider.ts";
import { canBeHad, pluginUrl } from "./vendor.ts";

/** What a stack's settings say when they call for a vendor. */
const signs: Readonly<Record<CloudVendor, RegExp>> = {
  linode: /\bplatform: *["']?linode\b/,
  cloudflare: /\bprovider: *["']?cloudflare\b/,
};

/** The vendors that settings call for, right or wrong as they may be otherwise. */
export function cloudVendors(settings: string): CloudVendor[] {
  return (["linode", "cloudflare"] as const).filter((vendor) => signs[vendor].test(settings));
}

/**
 * Installs the providers of the vendors that a stack's settings call for. Where one cannot be had it says so and goes
 * on: the settings are checked all the same.
 *
 * @param given a settings file in place of the stack's own
 */
export async function prepareVendors(stack: string, given: string | undefined): Promise<void> {
  const file = settingsFile(stack, given);
  if (!existsSync(file)) return;
  const vendors = cloudVendors(readFileSync(file, "utf8"));
  if (vendors.includes("linode")) await prepareGround(forServers());
  for (const vendor of vendors) {
    const { name, version } = vendorPlugin(vendor);
    if (pluginNeeded({ name, version }, () => "") === undefined) continue;
    if (await canBeHad(pluginUrl(name, version))) await prepareGround([vendorProvider(vendor)]);
    else {
      console.error(
        `Pulumi's ${name} provider ${version} is not installed and cannot be had from here (${pluginUrl(name, version)}): ` +
          `on this machine ${stack} can only be rehearsed: npm run rehearse -- ${stack}`,
      );
    }
  }
}
