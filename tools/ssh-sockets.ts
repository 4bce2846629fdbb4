import { createHash } from "node:crypto";
import { lstatSync, mkdirSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { cloneHome } from "./paths.ts";

/**
 * The folder for the sockets of shared ssh connections; made when it is not there. It is not in the clone: a socket's
 * path has to be shorter than 108 bytes (unix(7)), and ssh adds sixty to it.
 *
 * @throws when somebody else has made a folder of its name
 */
export function sshSockets(): string {
  const { uid } = userInfo();
  const clone = createHash("sha256").update(cloneHome).digest("hex").slice(0, 8);
  const folder = join(tmpdir(), `landfall-ssh-${String(uid)}-${clone}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o077) !== 0) {
    throw new Error(`${folder} must be a folder that this user alone may enter. Remove it and run this again.`);
  }
  return folder;
}
