import { packageVersion } from "../paths.ts";
import { checkPlugin, installVendorsPlugin, pluginNeeded, type Plugin } from "../plugin.ts";
import type { Step } from "../step.ts";

/** The vendors whose providers only stacks on their clouds need. */
export type CloudVendor = "linode" | "cloudflare";

/** A vendor's provider at the version of its npm package. */
export function vendorPlugin(name: CloudVendor): Plugin {
  return { name, version: packageVersion(`@pulumi/${name}`) };
}

/** A vendor's own provider. There is no other way to it than the vendor's download. */
export function vendorProvider(name: CloudVendor): Step {
  const plugin = vendorPlugin(name);
  return {
    name: `Pulumi's ${name} provider ${plugin.version}`,
    estimate: 30,
    needed: () => pluginNeeded(plugin, () => ""),
    run: async (progress) => {
      if (!(await installVendorsPlugin(plugin, progress))) throw new Error("its download ended before it was whole.");
      await checkPlugin(plugin);
    },
  };
}
