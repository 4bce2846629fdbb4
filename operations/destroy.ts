// `npm run destroy`: removes an environment with all of its data, after asking for its name.
import { createInterface } from "node:readline/promises";
import { isInClone, readCheckpoint } from "@landfall/tools/clone-state";
import { prepareVendors } from "@landfall/tools/cloud-vendors";
import { reportFailure } from "@landfall/tools/failure";
import { engine, prepareGround, toolchain } from "@landfall/tools/ground";
import { rehearsal } from "@landfall/tools/paths";
import { pulumi, pulumiOutput } from "@landfall/tools/pulumi-command";
import { builtImages, removeUnusedImages } from "./images.ts";
import { recover } from "./recovery.ts";
import { parseStackArguments, stackFlags, type StackArguments } from "./stack-arguments.ts";

/** @throws unless a person types the stack's name, or a script has given it as an argument */
async function confirm({ stack, confirmed }: StackArguments): Promise<void> {
  if (confirmed === stack) return;
  if (confirmed !== undefined)
    throw new Error(`--yes-destroy names "${confirmed}", and the stack is "${stack}". Nothing was done.`);
  if (!process.stdin.isTTY) {
    throw new Error(`Nobody is there to ask. A script says it so: npm run destroy -- --yes-destroy=${stack}`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(
    `This removes the environment ${stack} and all of its data. Type its name to go on: `,
  );
  terminal.close();
  if (answer.trim() !== stack) throw new Error("That is not its name. Nothing was done.");
}

async function destroy(args: StackArguments): Promise<void> {
  const { stack } = args;
  await recover(args);
  await pulumiOutput(["state", "unprotect", "--all", "--yes", "--stack", stack]);
  const code = await pulumi(["destroy", "--yes", "--skip-preview", ...stackFlags(args)]);
  if (code !== 0) {
    console.error(
      `\nThe environment ${stack} is not wholly removed: see above. Running the same command again goes on from here.`,
    );
    process.exitCode = code;
    return;
  }
  const removed = await removeUnusedImages(builtImages());
  await pulumiOutput(["stack", "rm", "--yes", "--stack", stack]);
  const images = removed.length === 0 ? "" : `, and ${String(removed.length)} images that nothing else uses`;
  console.log(`\nThe environment ${stack} and its data are gone${images}.`);
}

try {
  const args = parseStackArguments(process.argv.slice(2));
  await confirm(args);
  if (rehearsal === undefined) {
    await prepareGround([...engine(), ...toolchain()]);
    await prepareVendors(args.stack, args.configFile);
  }
  if (isInClone(args.stack) && readCheckpoint(args.stack) === undefined) {
    console.log(`There is no environment ${args.stack} in this clone.`);
  } else {
    await destroy(args);
  }
} catch (error) {
  reportFailure(error);
}
