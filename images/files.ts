import { readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the clone. */
export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)));

/** A file of a build context: its bytes, or the path of one that is copied as it is. */
export type ContextFile = { readonly bytes: Uint8Array | string } | { readonly path: string };

/** Files of a build context by their path in it. */
export type ContextFiles = Readonly<Record<string, ContextFile>>;

/** Every file below a folder, by its path relative to it, put under `prefix`. */
export function folderFiles(folder: string, prefix = ""): ContextFiles {
  const files: Record<string, ContextFile> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files[join(prefix, relative(folder, path))] = { path };
  }
  return files;
}
