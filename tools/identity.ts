import { existsSync } from "node:fs";
import { join } from "node:path";
import { writeIdentity } from "../infra/ssh/deploy-key.ts";
import { cloneStateEnvironment, isInClone, readCheckpoint } from "./clone-state.ts";
import { pulumiEnvironment, sshEnvironment } from "./environment.ts";
import { cliFolder, root, sshFolder } from "./paths.ts";
import { execute } from "./process.ts";

const deployKey = "pulumi-nodejs:dynamic/ssh:DeployKey";

/**
 * Makes a stack's servers reachable by ssh from this process, and not only from those that it starts.
 */
export async function reachServers(stack: string): Promise<void> {
  Object.assign(process.env, sshEnvironment());
  await restoreIdentity(stack);
}

/**
 * Puts the private key by which a stack's servers are reached back where ssh reads it, from the state. On the machine
 * that made it it is there; on another, or in a new clone, it is not.
 */
export async function restoreIdentity(stack: string): Promise<void> {
  if (existsSync(join(sshFolder, stack))) return;
  const inClone = isInClone(stack);
  if (inClone && !(readCheckpoint(stack)?.resources ?? []).some(({ type }) => type === deployKey)) return;
  const env = { ...pulumiEnvironment(), ...(inClone ? cloneStateEnvironment() : {}) };
  const args = ["stack", "export", "--show-secrets", "--stack", stack];
  // A stack that does not exist yet has no servers either.
  const text = await execute(join(cliFolder(), "pulumi"), args, { cwd: root, env }).catch(() => undefined);
  if (text === undefined) return;
  const key = identityIn(text);
  if (key === undefined) return;
  Object.assign(process.env, sshEnvironment());
  writeIdentity(key);
}

/** The key pair in an exported state with its secrets. A secret stands there as `{"plaintext": "\"…\""}`. */
export function identityIn(exported: string): { identity: string; privateKey: string } | undefined {
  const { deployment } = JSON.parse(exported) as {
    deployment?: { resources?: { type: string; outputs?: Record<string, unknown> }[] };
  };
  const outputs = deployment?.resources?.find(({ type }) => type === deployKey)?.outputs;
  const identity = outputs?.["identity"];
  const secret = outputs?.["privateKey"];
  if (typeof identity !== "string" || typeof secret !== "object" || secret === null) return undefined;
  const plaintext: unknown = "plaintext" in secret ? secret.plaintext : undefined;
  const privateKey: unknown = typeof plaintext === "string" ? JSON.parse(plaintext) : undefined;
  return typeof privateKey === "string" ? { identity, privateKey } : undefined;
}
