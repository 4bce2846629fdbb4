/**
 * `npm run drill:migration`: lands each legacy system's sample again and again from servers of its own, kills the runner,
 * the source's server or the target's at random moments, and holds what each landing leaves behind against that of an
 * undisturbed one. It ends with 1 where any of them differs. Needs a Docker engine; whatever it starts is gone afterwards,
 * also when it is interrupted.
 */
import { engine, prepareGround } from "../../tools/ground.ts";
import { drillKills } from "./kill-drill.ts";
import { readOptions, usage, type Options } from "./options.ts";

const options = optionsOrEnd();

function optionsOrEnd(): Options {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(2);
  }
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const stopping = new AbortController();
// A signal may come twice, to the whole group of processes and from npm; the second must not cut what the first began.
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(name, () => {
    if (stopping.signal.aborted) return;
    say(`${name}: taking everything down`);
    stopping.abort(new Error(`ended by ${name}`));
  });

await prepareGround(engine());
const began = performance.now();
const { kills, seed, systems } = options;
say(`seed ${seed.toString()}: ${kills.toString()} kills over ${systems.map(({ plan }) => plan.system).join(", ")}`);
const tally = await drillKills({ ...options, signal: stopping.signal, say });
for (const line of tally.lines()) say(line);
for (const fault of tally.faults) say(`FAULT: ${fault}`);
say(
  `${tally.kills.toString()} kills, ${tally.faults.length.toString()} faults, ` +
    `${Math.round((performance.now() - began) / 1000).toString()} s, seed ${seed.toString()}`,
);
process.exitCode = tally.faults.length === 0 ? 0 : 1;
