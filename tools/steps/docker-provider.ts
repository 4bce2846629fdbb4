import { basename, join } from "node:path";
import { rmSync } from "node:fs";
import { goBuild } from "../go.ts";
import { hashOf, noteOrigin } from "../origin.ts";
import { landfallHome, packageVersion } from "../paths.ts";
import { checkPlugin, installPluginFolder, installVendorsPlugin, pluginNeeded, pluginProgram } from "../plugin.ts";
import type { Step } from "../step.ts";

const source = join(import.meta.dirname, "..", "docker-provider");

/**
 * A build's session runs while its secrets are registered with it, which now and then ends the whole provider: "nil
 * pointer dereference" in session.(*Session).Run. The diff registers them first.
 */
const patch = {
  module: "github.com/terraform-providers/terraform-provider-docker",
  file: join(source, "build-session.patch"),
};

/** Pulumi's provider for Docker: the vendor's, or the same one built from its Go modules. */
export function dockerProvider(): Step {
  const plugin = { name: "docker", version: packageVersion("@pulumi/docker") };
  const files = ["go.mod", "go.sum", "main.go", "schema.json", basename(patch.file)].map((name) => join(source, name));
  const sourceHash = (): string => hashOf(files, [plugin.version]);
  return {
    name: `Pulumi's Docker provider ${plugin.version}`,
    estimate: 180,
    needed: () => pluginNeeded(plugin, sourceHash),
    run: async (progress) => {
      if (!(await installVendorsPlugin(plugin, progress))) {
        progress.say("The vendor's download does not answer: it is built from Go modules.");
        const folder = join(landfallHome, "docker-provider.partial");
        const output = pluginProgram(folder, plugin);
        try {
          const variables = { "main.version": plugin.version };
          await goBuild({ folder: source, target: ".", output, variables, tags: "no_compose", patch }, progress);
          noteOrigin(output, sourceHash());
          await installPluginFolder(plugin, folder);
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      }
      await checkPlugin(plugin);
    },
  };
}
