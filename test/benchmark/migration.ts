/**
 * `npm run bench:migration`: Landfall beside those who move the same databases, on one machine, in interleaved rounds of
 * one run. All of it lives in one container without a network, which is made for it and removed again.
 */
import { randomBytes } from "node:crypto";
import { prepareGround, engine as engineSteps } from "../../tools/ground.ts";
import { runInForeground } from "../../tools/foreground.ts";
import { buildImage } from "../services/images.ts";
import { readOptions, usage } from "./options.ts";

const words = process.argv.slice(2);
try {
  readOptions(words);
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  process.exit(2);
}
await prepareGround(engineSteps());
const name = `landfall-benchmark-${randomBytes(4).toString("hex")}`;
// A volume of its own, on the disk and not in the layers of the container; it goes with the container.
const container = ["--rm", "--init", "--name", name, "--network", "none", "--shm-size", "2g"];
process.exitCode = await runInForeground(
  "docker",
  ["run", ...container, await buildImage("benchmark"), ...words],
  process.env,
);
