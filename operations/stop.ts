// `npm stop`: takes an environment down and keeps its data, passwords and certificate authority.
import { prepareVendors } from "@landfall/tools/cloud-vendors";
import { reportFailure } from "@landfall/tools/failure";
import { engine, prepareGround, toolchain } from "@landfall/tools/ground";
import { rehearsal } from "@landfall/tools/paths";
import { pulumi } from "@landfall/tools/pulumi-command";
import { recover } from "./recovery.ts";
import { parseStackArguments, stackFlags } from "./stack-arguments.ts";

try {
  const args = parseStackArguments(process.argv.slice(2));
  if (rehearsal === undefined) {
    await prepareGround([...engine(), ...toolchain()]);
    await prepareVendors(args.stack, args.configFile);
  }
  await recover(args);
  const code = await pulumi(["destroy", "--exclude-protected", "--yes", "--skip-preview", ...stackFlags(args)]);
  if (code === 0) console.log(`\nThe environment ${args.stack} is down; its data is kept. "npm start" brings it back.`);
  process.exitCode = code;
} catch (error) {
  reportFailure(error);
}
