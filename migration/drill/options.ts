import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { drilledSystems, type DrilledSystem } from "./systems.ts";

export interface Options {
  readonly kills: number;
  readonly seed: number;
  readonly systems: readonly DrilledSystem[];
  /** Rows of a chunk: the fewer, the more there is to be cut off. */
  readonly chunkRows: number;
  /** Minutes after which the drill ends, however many kills there were. */
  readonly minutes: number;
}

const names = [...drilledSystems.keys()];

export const usage = `npm run drill:migration [-- OPTIONS]

  --kills 200          kills in all
  --seed N             chooses victims and moments; a random one when left out
  --systems a,b        of ${names.join(", ")}; all of them when left out
  --chunk-rows 200     rows between two checkpoints
  --minutes 120        the drill ends by then
`;

/** Reads the command line. Throws an error that says what is wrong with it. */
export function readOptions(words: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...words],
    options: {
      kills: { type: "string", default: "200" },
      seed: { type: "string", default: randomInt(1, 1_000_000).toString() },
      systems: { type: "string", default: names.join(",") },
      "chunk-rows": { type: "string", default: "200" },
      minutes: { type: "string", default: "120" },
    },
  });
  const whole = (name: "kills" | "seed" | "chunk-rows" | "minutes"): number => {
    const number = Number(values[name]);
    if (!Number.isSafeInteger(number) || number < 1)
      throw new Error(`--${name}: must be a whole number above 0, is "${values[name]}"`);
    return number;
  };
  const systems = values.systems.split(",").map((name) => {
    const system = drilledSystems.get(name);
    if (system === undefined) throw new Error(`--systems: must be of ${names.join(", ")}, is "${name}"`);
    return system;
  });
  return {
    kills: whole("kills"),
    seed: whole("seed"),
    systems,
    chunkRows: whole("chunk-rows"),
    minutes: whole("minutes"),
  };
}
