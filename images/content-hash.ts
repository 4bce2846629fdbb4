import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { ContextFiles } from "./files.ts";

/** Sixteen hexadecimal digits of SHA-256 over file names, file contents and build arguments, whatever their order. */
export function contentHash(content: ContextFiles, buildArgs: Readonly<Record<string, string>>): string {
  const hash = createHash("sha256");
  for (const [name, value] of Object.entries(buildArgs).sort()) hash.update(`${name}=${value}\0`);
  for (const [name, file] of Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const digest = createHash("sha256")
      .update("path" in file ? readFileSync(file.path) : file.bytes)
      .digest("hex");
    hash.update(`${name}\0${digest}\0`);
  }
  return hash.digest("hex").slice(0, 16);
}
