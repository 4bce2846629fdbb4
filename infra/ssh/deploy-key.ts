import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { folderVariable } from "./connection.ts";

/** Which key is wanted. */
export interface DeployKeyInputs {
  /** Name of the private key's file. */
  readonly identity: string;
}

/** A pair of keys, as OpenSSH writes them. */
export interface DeployKeyPair extends DeployKeyInputs {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** Makes an ed25519 pair and puts the private key where ssh reads it. @throws when there is no ssh-keygen */
export async function createDeployKey({ identity }: DeployKeyInputs): Promise<DeployKeyPair> {
  const folder = mkdtempSync(join(tmpdir(), "landfall-key-"));
  try {
    const file = join(folder, "key");
    await promisify(execFile)("ssh-keygen", [
      "-q",
      "-t",
      "ed25519",
      "-N",
      "",
      "-C",
      `landfall-${identity}`,
      "-f",
      file,
    ]);
    const pair = {
      identity,
      publicKey: readFileSync(`${file}.pub`, "utf8").trim(),
      privateKey: readFileSync(file, "utf8"),
    };
    writeIdentity(pair);
    return pair;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Puts a private key into the folder that ssh reads from, for this user alone, unless it lies there. */
export function writeIdentity({ identity, privateKey }: Pick<DeployKeyPair, "identity" | "privateKey">): void {
  const path = identityFile(identity);
  if (existsSync(path) && readFileSync(path, "utf8") === privateKey) return;
  mkdirSync(join(path, ".."), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.partial`, privateKey, { mode: 0o600 });
  chmodSync(`${path}.partial`, 0o600);
  renameSync(`${path}.partial`, path);
}

/** Removes a private key's file. */
export function removeIdentity(identity: string): void {
  rmSync(identityFile(identity), { force: true });
}

/** @throws when the environment does not say where keys lie */
function identityFile(identity: string): string {
  const folder = process.env[folderVariable] ?? "";
  if (folder === "") {
    throw new Error(`${folderVariable} is not set, so there is no place for ssh keys. Run Pulumi as "npx pulumi …".`);
  }
  return join(folder, identity);
}
