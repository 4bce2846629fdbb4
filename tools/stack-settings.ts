/**
 * The settings of a stack whose state lies in the clone.
 *
 * The engine wants a stack's `encryptionsalt` in its settings file. The salt belongs to the clone's own passphrase, and
 * `Pulumi.local.yaml` belongs to everybody, so it must not get there. The engine is given a copy instead, with the salt
 * added, as `--config-file`; the copy is made anew before each command, and what `pulumi config` changes in it goes back.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { cloneStateEnvironment, projectName, readCheckpoint } from "./clone-state.ts";
import { pulumiEnvironment } from "./environment.ts";
import { cliFolder, cloneHome, root } from "./paths.ts";
import { execute } from "./process.ts";

const saltLine = /^encryptionsalt: *(\S+)\s*?$/m;

export function settingsCopy(stack: string): string {
  return join(cloneHome, "settings", `Pulumi.${stack}.yaml`);
}

/** Whether a settings file brings a salt or a secrets provider of its own; then it is used as it is. */
function isComplete(text: string): boolean {
  return /^(encryptionsalt|secretsprovider):/m.test(text);
}

/** The settings with a salt, as the engine wants them. */
export function withSalt(text: string, salt: string): string {
  const end = text === "" || text.endsWith("\n") ? "" : "\n";
  return `${text}${end}encryptionsalt: ${salt}\n`;
}

/** The settings as people keep them. */
export function withoutSalt(text: string): string {
  return text.replace(/^encryptionsalt:.*\n?/gm, "");
}

/** The file with a stack's settings: the one that a flag names, or the project's. */
export function settingsFile(stack: string, given: string | undefined): string {
  return given === undefined ? join(root, `Pulumi.${stack}.yaml`) : resolve(given);
}

/**
 * Makes sure that a stack exists in the clone, and writes the copy of its settings.
 * @param given a settings file that a flag names, instead of the project's
 * @returns the file to give to the engine
 */
export async function prepareSettings(stack: string, given?: string): Promise<string> {
  const source = settingsFile(stack, given);
  const copy = settingsCopy(stack);
  if (given !== undefined && !existsSync(source)) throw new Error(`There is no settings file ${source}.`);
  const earlier = readIfThere(copy);
  // A stack without a file, as tests have it, keeps the settings that it was given at first.
  const text = readIfThere(source) ?? withoutSalt(earlier ?? "");
  if (isComplete(text)) return source;
  const salt = await saltOf(stack, earlier);
  writeWhole(copy, withSalt(text, salt));
  return copy;
}

/** Takes what a command has changed in the copy back to the file that people keep. */
export function returnSettings(stack: string, given?: string): void {
  const source = settingsFile(stack, given);
  const copy = readIfThere(settingsCopy(stack));
  if (copy === undefined) return;
  const text = withoutSalt(copy);
  if (text.trim() !== (readIfThere(source) ?? "").trim()) writeWhole(source, text);
}

/** Forgets a stack that was removed. */
export function removeSettings(stack: string): void {
  rmSync(settingsCopy(stack), { force: true });
}

async function saltOf(stack: string, copy: string | undefined): Promise<string> {
  const checkpoint = readCheckpoint(stack);
  if (checkpoint === undefined) return createStack(stack);
  const salt = checkpoint.salt ?? saltLine.exec(copy ?? "")?.[1];
  if (salt !== undefined) return salt;
  // Never updated, and its salt is gone: nothing was encrypted yet, so it can be made anew.
  await runInEmptyProject(stack, ["stack", "rm", "--yes", "--preserve-config", "--stack", stack]);
  return createStack(stack);
}

async function createStack(stack: string): Promise<string> {
  const settings = await runInEmptyProject(stack, ["stack", "init", "--no-select", "--non-interactive", stack]);
  const salt = saltLine.exec(settings)?.[1];
  if (salt === undefined) throw new Error(`The engine made the stack ${stack} without an encryption salt.`);
  return salt;
}

/** Runs a command in a folder with nothing but the project's name; returns the settings file that it leaves there. */
async function runInEmptyProject(stack: string, args: string[]): Promise<string> {
  const folder = join(cloneHome, `init-${stack}-${String(process.pid)}`);
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(join(folder, "Pulumi.yaml"), `name: ${projectName()}\nruntime: nodejs\n`);
    const env = { ...pulumiEnvironment(), ...cloneStateEnvironment() };
    await execute(join(cliFolder(), "pulumi"), args, { cwd: folder, env });
    return readIfThere(join(folder, `Pulumi.${stack}.yaml`)) ?? "";
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

function writeWhole(path: string, text: string): void {
  if (readIfThere(path) === text) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.partial`, text);
  renameSync(`${path}.partial`, path);
}
