import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cloneHome } from "@landfall/tools/paths";
import { z } from "zod";

/** A target's URL without its password, and that password where there is one. */
export interface LastTarget {
  readonly shown: string;
  readonly password?: string;
}

const remembered = z.object({ shown: z.string().min(1), sealed: z.string().optional() });

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** The target of this clone's last move; undefined before any, or where what was kept cannot be read any more. */
export function lastTarget(home = cloneHome): LastTarget | undefined {
  const path = join(home, "last-target.json");
  if (!existsSync(path)) return undefined;
  try {
    const { shown, sealed } = remembered.parse(JSON.parse(readFileSync(path, "utf8")));
    return sealed === undefined ? { shown } : { shown, password: unseal(sealed, home) };
  } catch {
    return undefined;
  }
}

/**
 * Remembers a target for commands that only read. The password is kept encrypted (AES-256-GCM) with a key of this
 * clone's own, as the secrets of its stacks are.
 */
export function rememberTarget({ shown, password }: LastTarget, home = cloneHome): void {
  mkdirSync(home, { recursive: true });
  const sealed = password === undefined || password === "" ? {} : { sealed: seal(password, home) };
  write(join(home, "last-target.json"), `${JSON.stringify({ shown, ...sealed })}\n`);
}

function seal(text: string, home: string): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", key(home), nonce, { authTagLength: tagBytes });
  const hidden = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), hidden]).toString("base64");
}

function unseal(sealed: string, home: string): string {
  const bytes = Buffer.from(sealed, "base64");
  const cipher = createDecipheriv("aes-256-gcm", key(home), bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
  cipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  return Buffer.concat([cipher.update(bytes.subarray(nonceBytes + tagBytes)), cipher.final()]).toString("utf8");
}

function key(home: string): Buffer {
  const path = join(home, "last-target.key");
  if (existsSync(path)) return readFileSync(path);
  const made = randomBytes(keyBytes);
  write(path, made);
  return made;
}

function write(path: string, content: string | Buffer): void {
  writeFileSync(path, content, { mode: 0o600 });
  chmodSync(path, 0o600);
}
