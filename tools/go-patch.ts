import { applyPatch, parsePatch } from "diff";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { execute } from "./process.ts";

/** A change to a module's sources, for a fault that no release of it has mended. */
export interface GoPatch {
  /** The module, by the path that go.mod requires it under. */
  readonly module: string;
  /** A unified diff of its files; names start with `a/` and `b/`, as git writes them. */
  readonly file: string;
}

/** Where a patched build is prepared, and by what. */
export interface GoWorkplace {
  readonly go: string;
  readonly env: NodeJS.ProcessEnv;
  /** The folder with go.mod and go.sum. */
  readonly folder: string;
  /** A folder for the changed copy; what is in it goes. */
  readonly scratch: string;
}

/**
 * Makes a changed copy of a module, and a go.mod that builds with it. A copy, because Go refuses to have a file below
 * its module cache replaced (`go help build`, -overlay).
 *
 * @returns the go.mod's path, for `-modfile`
 * @throws when the diff does not fit the module's sources
 */
export async function patchModule(patch: GoPatch, { go, env, folder, scratch }: GoWorkplace): Promise<string> {
  await execute(go, ["mod", "download", patch.module], { cwd: folder, env });
  const original = await execute(go, ["list", "-m", "-f", "{{.Dir}}", patch.module], { cwd: folder, env });
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  const copy = join(scratch, "module");
  cpSync(original.trim(), copy, { recursive: true });
  applyTo(copy, patch.file);
  for (const file of ["go.mod", "go.sum"]) cpSync(join(folder, file), join(scratch, file));
  const modfile = join(scratch, "go.mod");
  await execute(go, ["mod", "edit", `-replace=${patch.module}=${copy}`, modfile], { cwd: folder, env });
  return modfile;
}

/** @throws when it does not fit, before any file was changed */
export function applyTo(folder: string, patchFile: string): void {
  const changed = parsePatch(readFileSync(patchFile, "utf8")).map((change) => {
    const path = join(folder, (change.newFileName ?? "").replace(/^b\//, ""));
    const text = applyPatch(readFileSync(path, "utf8"), change);
    if (text === false) {
      throw new Error(
        `${basename(patchFile)} does not fit ${path}: the module has changed. Look whether it is needed.`,
      );
    }
    return { path, text };
  });
  for (const { path, text } of changed) writeFileSync(path, text);
}
