import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { forgetOwnVolumes } from "./own-volumes.ts";
import { cloneHome, pulumiHome, rehearsal, root } from "./paths.ts";
import { removeTornAttributes } from "./torn-attributes.ts";

/**
 * The state of stacks lies in the clone, unless PULUMI_BACKEND_URL or a `npx pulumi login` names another place. The
 * stack `local` belongs to the engine at hand and stays in the clone whatever the login.
 */
const stateFolder = join(cloneHome, "state");
const stateUrl = `file://${stateFolder}`;
const passphraseFile = join(cloneHome, "passphrase");

/** The stack that `npm start` brings up. */
export const localStack = "local";

/** The project's name, as in Pulumi.yaml. */
export function projectName(): string {
  const name = /^name: *(\S+)/m.exec(readFileSync(join(root, "Pulumi.yaml"), "utf8"))?.[1];
  if (name === undefined) throw new Error(`${join(root, "Pulumi.yaml")} has no name.`);
  return name;
}

/** Whether the state of a stack lies in the clone. */
export function isInClone(stack: string | undefined): boolean {
  if (rehearsal !== undefined) return true;
  const url = process.env["PULUMI_BACKEND_URL"];
  if (url !== undefined && url !== "") return url === stateUrl;
  return stack === localStack || !isLoggedIn();
}

function isLoggedIn(): boolean {
  const file = join(pulumiHome, "credentials.json");
  if (!existsSync(file)) return false;
  const { current } = JSON.parse(readFileSync(file, "utf8")) as { current?: string };
  return current !== undefined && current !== "" && current !== stateUrl;
}

/**
 * What the engine needs in its environment for state in the clone. Makes the folder, and the passphrase that secrets
 * are encrypted with, unless the environment names one.
 * @throws when there is state and the passphrase of it is gone
 */
export function cloneStateEnvironment(): NodeJS.ProcessEnv {
  mkdirSync(stateFolder, { recursive: true });
  for (const file of removeTornAttributes(stateFolder)) {
    console.error(`Removed ${file}, which a killed command had left torn; the state itself is whole.`);
  }
  const given = process.env["PULUMI_CONFIG_PASSPHRASE"] ?? process.env["PULUMI_CONFIG_PASSPHRASE_FILE"];
  if (given !== undefined) return { PULUMI_BACKEND_URL: stateUrl };
  if (!existsSync(passphraseFile)) makePassphrase();
  return { PULUMI_BACKEND_URL: stateUrl, PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile };
}

function makePassphrase(): void {
  const stacks = stacksInClone();
  if (stacks.length > 0) {
    throw new Error(
      `The passphrase of the stacks ${stacks.join(", ")} is gone: there is no ${passphraseFile}, so their secrets cannot be read.\n` +
        `Put the file back, or name it in PULUMI_CONFIG_PASSPHRASE_FILE. If it is lost for good, remove the containers and ` +
        `volumes that are labelled landfall.stack by hand, remove ${cloneHome}, and start anew.`,
    );
  }
  writeFileSync(passphraseFile, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
}

function stacksInClone(): string[] {
  const folder = join(stateFolder, ".pulumi", "stacks", projectName());
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -".json".length));
}

/** The stack's own name: the last part of `organization/project/stack`. */
export function shortName(stack: string): string {
  return stack.split("/").at(-1) ?? stack;
}

/** The stack that `npx pulumi stack select` has chosen for this clone, if any. */
export function selectedStack(): string | undefined {
  const named = process.env["PULUMI_STACK"];
  if (named !== undefined && named !== "") return named;
  const key = createHash("sha1").update(join(root, "Pulumi.yaml")).digest("hex");
  const file = join(pulumiHome, "workspaces", `${projectName()}-${key}-workspace.json`);
  if (!existsSync(file)) return undefined;
  return (JSON.parse(readFileSync(file, "utf8")) as { stack?: string }).stack;
}

/** A resource as the state has it. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  /** URN and id of its provider, `urn:…::id`. */
  provider?: string;
}

/** What the state of a stack says, as far as this project reads it by itself. */
export interface Checkpoint {
  resources: StateResource[];
  /** What was being done when an update was cut off. */
  pending: { type: string; resource: StateResource }[];
  /** What the passphrase is mixed with. Only there after a first update. */
  salt?: string;
}

/** Reads a stack's state in the clone; undefined when there is no such stack. */
export function readCheckpoint(stack: string): Checkpoint | undefined {
  const file = join(stateFolder, ".pulumi", "stacks", projectName(), `${stack}.json`);
  if (!existsSync(file)) return undefined;
  const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as {
    checkpoint: {
      latest?: {
        resources?: StateResource[];
        pending_operations?: Checkpoint["pending"];
        secrets_providers?: { state?: { salt?: string } };
      };
    };
  };
  const { resources = [], pending_operations: pending = [], secrets_providers: secrets } = checkpoint.latest ?? {};
  const salt = secrets?.state?.salt;
  return { resources, pending, ...(salt === undefined ? {} : { salt }) };
}

/** Where the engine notes who works on a stack: a file for each process. */
export function lockFolder(stack: string): string {
  return join(stateFolder, ".pulumi", "locks", "organization", projectName(), stack);
}

/**
 * Removes what the engine keeps of a stack that was removed: backups and history, with its encrypted secrets. The
 * passphrase goes with the last stack.
 */
export function removeTraces(stack: string): void {
  const engine = join(stateFolder, ".pulumi");
  const project = projectName();
  for (const folder of ["backups", "history", join("locks", "organization")]) {
    rmSync(join(engine, folder, project, stack), { recursive: true, force: true });
  }
  // Copies, sidecars, and what a killed command was writing: NAME.json.NUMBER.tmp.
  const stacks = join(engine, "stacks", project);
  const ofStack = (existsSync(stacks) ? readdirSync(stacks) : []).filter((name) => name.startsWith(`${stack}.json.`));
  for (const name of ofStack) rmSync(join(stacks, name), { force: true });
  forgetOwnVolumes(stack);
  if (stacksInClone().length === 0) rmSync(passphraseFile, { force: true });
}
