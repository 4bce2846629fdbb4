/**
 * `npm run drill:migration -- [--kills 200] [--seed N] [--systems a,b] [--chunk-rows 200] [--minutes 120]`: lands each
 * legacy system's sample again and again from servers of its own, kills the runner, the source's server or the target's
 * at random moments, and holds what each landing leaves behind against that of an undisturbed one. It ends with 1 where
 * any of them differs. Needs a Docker engine; whatever it starts is gone afterwards, also when it is interrupted.
 */
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { engine, prepareGround } from "../../tools/ground.ts";
import { drillKills } from "./kill-drill.ts";
import { drilledSystems } from "./systems.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    seed: { type: "string", default: randomInt(1_000_000).toString() },
    systems: { type: "string", default: [...drilledSystems.keys()].join(",") },
    "chunk-rows": { type: "string", default: "200" },
    minutes: { type: "string", default: "120" },
  },
});

const wholeNumber = (name: keyof typeof values): number => {
  const number = Number(values[name]);
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`--${name} must be a whole number above 0.`);
  return number;
};

const systems = values.systems.split(",").map((name) => {
  const system = drilledSystems.get(name);
  if (system === undefined)
    throw new Error(`--systems: there is no "${name}"; there are ${[...drilledSystems.keys()].join(", ")}.`);
  return system;
});

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
const [kills, seed] = [wholeNumber("kills"), wholeNumber("seed")];
say(`seed ${seed.toString()}: ${kills.toString()} kills over ${systems.map(({ plan }) => plan.system).join(", ")}`);
const tally = await drillKills({
  systems,
  kills,
  seed,
  chunkRows: wholeNumber("chunk-rows"),
  minutes: wholeNumber("minutes"),
  signal: stopping.signal,
  say,
});
for (const line of tally.lines()) say(line);
for (const fault of tally.faults) say(`FAULT: ${fault}`);
say(
  `${tally.kills.toString()} kills, ${tally.faults.length.toString()} faults, ` +
    `${Math.round((performance.now() - began) / 1000).toString()} s, seed ${seed.toString()}`,
);
process.exitCode = tally.faults.length === 0 ? 0 : 1;
