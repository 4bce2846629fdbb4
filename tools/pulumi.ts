// What `npx pulumi …` runs: Pulumi's own command line, with the toolchain and the state of this project.
import { isCommand, parseArguments } from "./arguments.ts";
import { selectedStack, shortName } from "./clone-state.ts";
import { prepareVendors } from "./cloud-vendors.ts";
import { reportFailure } from "./failure.ts";
import { engine, prepareGround, toolchain } from "./ground.ts";
import { rehearsal } from "./paths.ts";
import { pulumi } from "./pulumi-command.ts";

const args = process.argv.slice(2);
const parsed = parseArguments(args);
const needsEngine = isCommand(parsed, "up", "update", "preview", "pre", "refresh", "destroy", "down", "dn", "watch");

try {
  // What a rehearsal needs besides is there before the cloud is.
  if (rehearsal === undefined) await prepareGround([...(needsEngine ? engine() : []), ...toolchain()]);
  const stack = parsed.stack ?? selectedStack();
  if (rehearsal === undefined && needsEngine && stack !== undefined) {
    await prepareVendors(shortName(stack), parsed.configFile);
  }
  process.exitCode = await pulumi(args);
} catch (error) {
  reportFailure(error);
}
