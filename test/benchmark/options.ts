import { parseArgs } from "node:util";
import type { Engine } from "./ground.ts";

export interface Options {
  /** Rows of the PostgreSQL source; the two others have half as many. */
  readonly rows: number;
  readonly rounds: number;
  readonly engines: readonly Engine[];
  /** Whether only the landing's memory is looked at, with ten times the rows and in one round. */
  readonly memory: boolean;
}

export const usage = `npm run bench:migration [-- OPTIONS]

  --rows 4000000     rows of the PostgreSQL source; MariaDB and SQLite get half as many
  --rounds 3         interleaved rounds
  --only ENGINE      postgresql, mariadb or sqlite alone
  --memory           no peers, one round, ten times the rows: how much memory the landing takes
`;

const engines = ["postgresql", "mariadb", "sqlite"] as const;

/** Reads the command line. Throws an error that says what is wrong with it. */
export function readOptions(words: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...words],
    options: {
      rows: { type: "string", default: "4000000" },
      rounds: { type: "string", default: "3" },
      only: { type: "string" },
      memory: { type: "boolean", default: false },
    },
  });
  const whole = (name: "rows" | "rounds", least: number): number => {
    const number = Number(values[name]);
    if (!Number.isInteger(number) || number < least)
      throw new Error(`--${name}: must be a whole number from ${least.toString()} on, is "${values[name]}"`);
    return number;
  };
  const chosen = engines.filter((engine) => values.only === undefined || engine === values.only);
  if (chosen.length === 0) throw new Error(`--only: must be one of ${engines.join(", ")}, is "${String(values.only)}"`);
  const { memory } = values;
  return {
    rows: whole("rows", 50_000) * (memory ? 10 : 1),
    rounds: memory ? 1 : whole("rounds", 1),
    engines: chosen,
    memory,
  };
}
