// `npm start`: brings an environment up, or up to date, and says where things are.
import { prepareVendors } from "@landfall/tools/cloud-vendors";
import { reportFailure } from "@landfall/tools/failure";
import { engine, prepareGround, toolchain } from "@landfall/tools/ground";
import { rehearsal } from "@landfall/tools/paths";
import { duration } from "@landfall/tools/step";
import { readOutputs } from "./outputs.ts";
import { alignedList, readPlaces } from "./places.ts";
import { recover } from "./recovery.ts";
import { requireServing } from "./serving.ts";
import { parseStackArguments } from "./stack-arguments.ts";
import { takeUp } from "./take-up.ts";
import { update } from "./update.ts";

try {
  const args = parseStackArguments(process.argv.slice(2));
  const began = performance.now();
  // What a rehearsal needs besides is there before the cloud is.
  const toolchainSeconds = rehearsal === undefined ? await prepareGround([...engine(), ...toolchain()]) : 0;
  if (rehearsal === undefined) await prepareVendors(args.stack, args.configFile);
  const cutOff = await recover(args);
  let code = await update(args);
  if (code !== 0 && cutOff !== undefined && (await takeUp(cutOff, args)) > 0) {
    console.error("That was still being made for the update that was cut off. Once more:");
    code = await update(args);
  }
  if (code === 0) {
    const outputs = await readOutputs(args);
    await requireServing(outputs);
    const seconds = (performance.now() - began) / 1000;
    const share = toolchainSeconds === 0 ? "" : `, ${duration(toolchainSeconds)} of it for the toolchain`;
    console.log(`\nThe environment ${args.stack} is up, after ${duration(seconds)}${share}.\n`);
    console.log(alignedList(readPlaces(outputs)).join("\n"));
  } else {
    console.error(
      `\nThe environment ${args.stack} is not up: see above. Running the same command again goes on from here.`,
    );
    process.exitCode = code;
  }
} catch (error) {
  reportFailure(error);
}
