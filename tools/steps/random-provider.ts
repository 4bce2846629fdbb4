import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { hashOf, noteOrigin } from "../origin.ts";
import { landfallHome, packageVersion } from "../paths.ts";
import { checkPlugin, installPluginFolder, installVendorsPlugin, pluginNeeded, pluginProgram } from "../plugin.ts";
import type { Step } from "../step.ts";

const source = join(import.meta.dirname, "..", "random-provider");

/** Pulumi's provider for random values: the vendor's, or where that cannot be had the one in tools/random-provider. */
export function randomProvider(): Step {
  const plugin = { name: "random", version: packageVersion("@pulumi/random") };
  const files = readdirSync(source)
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => join(source, name));
  const sourceHash = (): string => hashOf(files, [plugin.version, packageVersion("@pulumi/pulumi")]);
  return {
    name: `Pulumi's random provider ${plugin.version}`,
    estimate: 5,
    needed: () => pluginNeeded(plugin, sourceHash),
    run: async (progress) => {
      if (!(await installVendorsPlugin(plugin, progress))) {
        progress.say("The vendor's download does not answer: the stand-in of tools/random-provider serves here.");
        const folder = join(landfallHome, "random-provider.partial");
        try {
          await bundleProvider(folder, plugin.version);
          noteOrigin(pluginProgram(folder, plugin), sourceHash());
          await installPluginFolder(plugin, folder);
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      }
      await checkPlugin(plugin);
    },
  };
}

/** Writes the provider as one file and the launcher that the engine runs. */
async function bundleProvider(folder: string, version: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: [join(source, "main.ts")],
    outfile: join(folder, "provider.cjs"),
    bundle: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    define: { PROVIDER_VERSION: JSON.stringify(version) },
    // Only programs are compiled with these, and the provider runs none.
    external: ["typescript", "ts-node"],
    logLevel: "warning",
  });
  // exec, so that the engine's signals reach the provider.
  const launcher = '#!/bin/sh\nexec node "$(dirname "$0")/provider.cjs" "$@"\n';
  writeFileSync(join(folder, "pulumi-resource-random"), launcher, { mode: 0o755 });
}
