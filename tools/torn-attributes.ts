import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * The file backend keeps a sidecar `NAME.attrs` (content type and the like) beside each of its files and, unlike the
 * files themselves, writes it in place. A process that is killed in that moment leaves it empty or cut off, and then the
 * engine can no longer read the whole file ("failed to load checkpoint: EOF"). Without a sidecar it can, so torn ones
 * are removed. https://github.com/google/go-cloud/blob/master/blob/fileblob/attrs.go
 *
 * @param folder the backend's folder, `.pulumi` and all; one that is not there yet has nothing torn
 * @returns the files that were removed
 */
export function removeTornAttributes(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const torn = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".attrs"))
    .map((name) => join(folder, name))
    .filter(isTorn);
  for (const file of torn) rmSync(file, { force: true });
  return torn;
}

function isTorn(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return false;
  } catch (error) {
    return error instanceof SyntaxError;
  }
}
