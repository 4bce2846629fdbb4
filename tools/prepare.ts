// Prepares this machine and ends: `node tools/run.mjs tools/prepare.ts`.
import { engine, forTests, prepareGround, toolchain } from "./ground.ts";
import { reportFailure } from "./failure.ts";
import { duration } from "./step.ts";

try {
  const seconds = await prepareGround([...engine(), ...toolchain(), ...forTests()]);
  console.error(seconds === 0 ? "Everything is there." : `This machine is ready, after ${duration(seconds)}.`);
} catch (error) {
  reportFailure(error);
}
