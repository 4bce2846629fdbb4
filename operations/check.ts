// `npm run check -- ENV`: holds what an update of an environment would make against the rules, before it is made.
//
// Exit codes: 0 no mandatory rule is broken, 1 one is, 2 it could not be checked.
import { existsSync, readFileSync } from "node:fs";
import { rules } from "@landfall/infra/policy/catalogue";
import { evaluate } from "@landfall/infra/policy/evaluate";
import { readPreview, type Preview } from "@landfall/infra/policy/preview";
import { policyOptions } from "@landfall/infra/settings/policy-options";
import { prepareVendors } from "@landfall/tools/cloud-vendors";
import { reportFailure } from "@landfall/tools/failure";
import { engine, prepareGround, toolchain } from "@landfall/tools/ground";
import { rehearsal } from "@landfall/tools/paths";
import { pulumiAnswer } from "@landfall/tools/pulumi-command";
import { settingsFile } from "@landfall/tools/stack-settings";
import { parseCheckArguments, type CheckArguments } from "./check-arguments.ts";
import { checkAsJson, mayBeMade, renderCheck } from "./check-report.ts";
import { wholePreview } from "./check-preview.ts";
import { stackFlags } from "./stack-arguments.ts";

const broken = 1;
const notChecked = 2;

async function previewOf(args: CheckArguments): Promise<Preview> {
  if (args.preview !== undefined) return wholePreview(args.stack, readPreview(readFileSync(args.preview, "utf8")));
  const settings = settingsFile(args.stack, args.configFile);
  if (!existsSync(settings)) throw new Error(`There is no environment ${args.stack}: ${settings} is missing.`);
  if (rehearsal === undefined) {
    await prepareGround([...engine(), ...toolchain()]);
    await prepareVendors(args.stack, args.configFile);
  }
  console.error(`Previewing ${args.stack} …`);
  const { output } = await pulumiAnswer(["preview", "--json", "--show-sames", ...stackFlags(args)]);
  return wholePreview(args.stack, readPreview(output));
}

try {
  const args = parseCheckArguments(process.argv.slice(2));
  const { plan, config } = await previewOf(args);
  const today = new Date().toISOString().slice(0, 10);
  const results = evaluate({ rules, plan, options: policyOptions(config), today });
  const report = { environment: args.stack, results };
  console.log(args.json ? checkAsJson(report) : `\n${renderCheck(report)}\n`);
  process.exitCode = mayBeMade(results) ? 0 : broken;
} catch (error) {
  reportFailure(error);
  process.exitCode = notChecked;
}
