import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";

/**
 * What a part of the toolchain was built from is noted in a file beside it, so that it is built anew when that
 * changes. A part without such a note is the vendor's own.
 */
function noteOf(artifact: string): string {
  return `${artifact}.built-from`;
}

/** SHA-256 over the names and contents of the files, and over further facts that go into a build. */
export function hashOf(files: string[], facts: string[] = []): string {
  const hash = createHash("sha256");
  for (const fact of facts) hash.update(`${fact}\0`);
  for (const file of [...files].sort()) {
    hash
      .update(`${basename(file)}\0`)
      .update(readFileSync(file))
      .update("\0");
  }
  return hash.digest("hex");
}

/** Notes what an artifact was built from. */
export function noteOrigin(artifact: string, hash: string): void {
  writeFileSync(noteOf(artifact), hash);
}

/** Whether an artifact was built here, from something else than what would be built now. */
export function isOutdated(artifact: string, hash: () => string): boolean {
  const note = noteOf(artifact);
  return existsSync(note) && readFileSync(note, "utf8") !== hash();
}
