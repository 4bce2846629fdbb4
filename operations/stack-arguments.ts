import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { localStack } from "@landfall/tools/clone-state";

/** Which stack a command of ours is about. */
export interface StackArguments {
  stack: string;
  /** A settings file in place of `Pulumi.<stack>.yaml`. */
  configFile?: string;
  /** The stack whose destruction needs no question: `--yes-destroy=NAME`. */
  confirmed?: string;
}

/** Reads `--stack NAME`, `--config-file FILE` and `--yes-destroy=NAME`. @throws on anything else */
export function parseStackArguments(args: string[]): StackArguments {
  const options = {
    stack: { type: "string" },
    "config-file": { type: "string" },
    "yes-destroy": { type: "string" },
  } as const;
  let values;
  try {
    values = parseArgs({ args, options }).values;
  } catch (error) {
    const known = "--stack NAME, --config-file FILE, --yes-destroy=NAME (destroy only)";
    throw new Error(`${error instanceof Error ? error.message : String(error)} Known arguments: ${known}.`, {
      cause: error,
    });
  }
  const { stack = localStack, "config-file": configFile, "yes-destroy": confirmed } = values;
  if (!/^[a-z][a-z0-9-]{0,40}$/.test(stack)) {
    throw new Error(
      `The stack's name is "${stack}"; it must be small letters, digits and hyphens, and start with a letter.`,
    );
  }
  return {
    stack,
    ...(configFile === undefined ? {} : { configFile: resolve(configFile) }),
    ...(confirmed === undefined ? {} : { confirmed }),
  };
}

/** The arguments of Pulumi's that say the same. */
export function stackFlags({ stack, configFile }: StackArguments): string[] {
  return ["--stack", stack, ...(configFile === undefined ? [] : ["--config-file", configFile])];
}
