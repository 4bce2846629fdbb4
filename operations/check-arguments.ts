import { parseArgs } from "node:util";
import { parseStackArguments, type StackArguments } from "./stack-arguments.ts";

/** What a check is about, and how it answers. */
export interface CheckArguments extends StackArguments {
  /** A file with a preview that was made before; undefined to make one. */
  readonly preview: string | undefined;
  /** Whether the answer is for a machine. */
  readonly json: boolean;
}

const usage = `Known are:
  npm run check -- ENV                    preview the environment and hold it against the rules
  npm run check -- ENV --preview FILE     hold a preview against them that was made before
  npm run check -- ENV --json             answer as JSON
  npm run check -- ENV --config-file FILE a settings file in place of Pulumi.ENV.yaml`;

/** Reads the command line of a check; `--stack ENV` says the same as ENV. @throws with all that is known */
export function parseCheckArguments(args: readonly string[]): CheckArguments {
  const options = {
    stack: { type: "string" },
    "config-file": { type: "string" },
    preview: { type: "string" },
    json: { type: "boolean" },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const { preview, json = false, "config-file": configFile } = values;
    const [stack = values.stack, ...more] = positionals;
    if (stack === undefined) throw new Error("Which environment is to be checked?");
    if (more.length > 0) throw new Error(`One environment at a time, not ${positionals.join(" and ")}.`);
    const about = ["--stack", stack, ...(configFile === undefined ? [] : ["--config-file", configFile])];
    return { ...parseStackArguments(about), preview, json };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)} ${usage}`, { cause: error });
  }
}
