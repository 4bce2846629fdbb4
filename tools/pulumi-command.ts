import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { insertArguments, isCommand, parseArguments } from "./arguments.ts";
import { cloneStateEnvironment, isInClone, removeTraces, selectedStack, shortName } from "./clone-state.ts";
import { pulumiEnvironment } from "./environment.ts";
import { runInForeground } from "./foreground.ts";
import { restoreIdentity } from "./identity.ts";
import { refuseForeignVolumes } from "./ownership.ts";
import { cliFolder } from "./paths.ts";
import { execute } from "./process.ts";
import { prepareSettings, removeSettings, returnSettings } from "./stack-settings.ts";

/** Commands that read the stack's settings file, and let us name another. */
const readingSettings = [
  "up",
  "update",
  "preview",
  "pre",
  "refresh",
  "destroy",
  "down",
  "dn",
  "config",
  "watch",
  "import",
  "logs",
];

/** Commands that talk to what is on a stack's servers. */
const readingServers = ["up", "update", "preview", "pre", "refresh", "destroy", "down", "dn", "watch"];

/** A command line that is ready for the engine's own program. */
interface Prepared {
  args: string[];
  env: NodeJS.ProcessEnv;
  /** What is to be done when the command has succeeded. */
  finish: () => void;
}

/** Runs a command of Pulumi's in the foreground, for the right state and with the right settings; gives its exit code. */
export async function pulumi(args: string[]): Promise<number> {
  const prepared = await prepare(args);
  const code = await runInForeground(join(cliFolder(), "pulumi"), prepared.args, prepared.env);
  if (code === 0) prepared.finish();
  return code;
}

/** Runs a command of Pulumi's and gives what it prints on standard output. @throws when it fails, with its words */
export async function pulumiOutput(args: string[]): Promise<string> {
  const prepared = await prepare(args);
  const output = await execute(join(cliFolder(), "pulumi"), prepared.args, { env: prepared.env });
  prepared.finish();
  return output;
}

/**
 * Runs a command of Pulumi's and gives what it prints on standard output, also when it fails; what it says besides is
 * for our own terminal.
 */
export async function pulumiAnswer(args: string[]): Promise<{ code: number; output: string }> {
  const prepared = await prepare(args);
  const child = spawn(join(cliFolder(), "pulumi"), prepared.args, {
    stdio: ["ignore", "pipe", "inherit"],
    env: prepared.env,
  });
  const parts: Buffer[] = [];
  child.stdout.on("data", (part: Buffer) => parts.push(part));
  const [code] = (await once(child, "close")) as [number | null];
  if (code === 0) prepared.finish();
  return { code: code ?? 1, output: Buffer.concat(parts).toString() };
}

async function prepare(args: string[]): Promise<Prepared> {
  const parsed = parseArguments(args);
  const named = parsed.stack ?? selectedStack();
  const stack = named === undefined ? undefined : shortName(named);
  const plain: Prepared = { args, env: pulumiEnvironment(), finish: () => undefined };
  if (isCommand(parsed, "login", "logout")) return plain;
  if (stack !== undefined && isCommand(parsed, ...readingServers)) await restoreIdentity(stack);
  if (!isInClone(stack)) return plain;
  const env = { ...plain.env, ...cloneStateEnvironment() };
  if (stack === undefined) return { ...plain, env };
  if (isCommand(parsed, "stack init", "stack new")) {
    await prepareSettings(stack);
    return { args: ["stack", "select", stack], env, finish: () => undefined };
  }
  if (isCommand(parsed, "stack rm", "stack remove")) {
    const finish = (): void => {
      removeSettings(stack);
      removeTraces(stack);
    };
    return { args: [...args, "--preserve-config"], env, finish };
  }
  if (!isCommand(parsed, ...readingSettings)) return { ...plain, env };
  if (isCommand(parsed, "up", "update")) await refuseForeignVolumes(stack);
  const file = await prepareSettings(stack, parsed.configFile);
  const finish = (): void => {
    if (isCommand(parsed, "config")) returnSettings(stack, parsed.configFile);
  };
  return { args: insertArguments(args, parsed, ["--config-file", file]), env, finish };
}
