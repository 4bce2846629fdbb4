import { chmodSync, copyFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { goBuild, requiredModule } from "../go.ts";
import { hashOf, isOutdated, noteOrigin } from "../origin.ts";
import { cliFolder, root } from "../paths.ts";
import { isProgram } from "../process.ts";
import type { Step } from "../step.ts";

const source = join(import.meta.dirname, "..", "language-host");

/**
 * The host that runs programs in Node.js. Newer versions are a Go module of their own that no module proxy has; the last
 * one inside the sdk module works with newer engines (but for policy packs and plugins that have only a
 * PulumiPlugin.yaml). The vendor's download brings its own, and then there is nothing to do.
 */
export function languageHost(): Step {
  const host = join(cliFolder(), "pulumi-language-nodejs");
  const dynamic = join(cliFolder(), "pulumi-resource-pulumi-nodejs");
  const sourceHash = (): string => hashOf([join(source, "go.mod"), join(source, "go.sum")]);
  const hostNeeded = (): string | undefined => {
    if (!isProgram(host)) return "not installed";
    return isOutdated(host, sourceHash) ? "built from other sources than these" : undefined;
  };
  return {
    name: "Pulumi's language host for Node.js",
    estimate: 30,
    needed: () => hostNeeded() ?? (isProgram(dynamic) ? undefined : "its dynamic providers are not installed"),
    run: async (progress) => {
      if (hostNeeded() !== undefined) {
        const version = requiredModule(source, "github.com/pulumi/pulumi/sdk/v3");
        progress.say(`Building the one of Pulumi's sdk ${version} from Go modules.`);
        await goBuild(
          {
            folder: source,
            target: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
            output: host,
            variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": version },
          },
          progress,
        );
        noteOrigin(host, sourceHash());
      }
      if (isProgram(dynamic)) return;
      // npm's package has the program, the engine looks for it beside its own.
      copyFileSync(join(root, "node_modules/@pulumi/pulumi/pulumi-resource-pulumi-nodejs"), `${dynamic}.partial`);
      chmodSync(`${dynamic}.partial`, 0o755);
      renameSync(`${dynamic}.partial`, dynamic);
    },
  };
}
