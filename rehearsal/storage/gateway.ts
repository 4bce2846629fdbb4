import { join } from "node:path";
import { goBuild, requiredModule } from "../../tools/go.ts";
import { hashOf, isOutdated, noteOrigin } from "../../tools/origin.ts";
import { landfallHome } from "../../tools/paths.ts";
import { isProgram } from "../../tools/process.ts";
import type { Step } from "../../tools/step.ts";

const source = join(import.meta.dirname, "gateway");
const module = "github.com/versity/versitygw";

/** The program that serves S3, built for this user and kept for all clones: Versity's S3 gateway. */
export const gatewayProgram = join(landfallHome, "rehearsal", "object-storage", "versitygw");

/** Builds the program that serves S3 from Go modules, unless it is there. */
export function objectStorageGateway(): Step {
  const version = requiredModule(source, module);
  const sourceHash = (): string => hashOf([join(source, "go.mod"), join(source, "go.sum")], [version]);
  return {
    name: `Versity's S3 gateway ${version}`,
    estimate: 180,
    needed: () => {
      if (!isProgram(gatewayProgram)) return "not installed";
      return isOutdated(gatewayProgram, sourceHash) ? "built from other sources than these" : undefined;
    },
    run: async (progress) => {
      const variables = { "main.Version": version };
      await goBuild({ folder: source, target: `${module}/cmd/versitygw`, output: gatewayProgram, variables }, progress);
      noteOrigin(gatewayProgram, sourceHash());
    },
  };
}
