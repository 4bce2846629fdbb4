import { buildSync, version } from "esbuild";
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { contentHash } from "./content-hash.ts";
import { projectRoot, type ContextFile } from "./files.ts";

/** A bundle that was made before, and what it was made from. */
const kept = z.object({
  /** Every file that went in, from the project's root. */
  inputs: z.array(z.string()),
  /** Of these files as they were. */
  digest: z.string(),
  code: z.string(),
});

/** What else decides how sources are bundled. */
const settings = ["images/bundle.ts", "tsconfig.json", "package.json", "package-lock.json"];

/**
 * A TypeScript entry point and all that it imports as one ES module for Node 24.
 * The same sources give the same bytes. They are kept below `.landfall/bundles` until one of the sources changes, since
 * every preview asks for them.
 *
 * @param entry path from the project's root, for example `app/main.ts`
 * @param root the project's root
 * @throws when the sources do not bundle, with esbuild's own messages
 */
export function bundle(entry: string, root = projectRoot): ContextFile {
  const place = join(root, ".landfall", "bundles", `${entry.replaceAll("/", "-")}.json`);
  const before = keptCode(place, root);
  if (before !== undefined) return { bytes: Buffer.from(before) };
  const began = Date.now();
  const { code, inputs } = build(entry, root);
  // Which of its contents went in is not known of a source that was written meanwhile.
  if (!inputs.some((path) => isWrittenSince(began, join(root, path))))
    keep(place, { inputs, digest: digestOf(inputs, root), code });
  return { bytes: Buffer.from(code) };
}

function build(entry: string, root: string): { code: string; inputs: string[] } {
  const result = buildSync({
    absWorkingDir: root,
    entryPoints: [join(root, entry)],
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "esm",
    target: "node24",
    legalComments: "none",
    // Packages in CommonJS form ask for Node's own modules by require.
    banner: {
      js: 'import { createRequire as bundleRequire } from "node:module"; const require = bundleRequire(import.meta.url);',
    },
    logLevel: "silent",
    external: ["pg-native", "pg-cloudflare"],
  });
  const output = result.outputFiles[0];
  if (output === undefined) throw new Error(`esbuild made no output for ${entry}`);
  return { code: output.text, inputs: Object.keys(result.metafile.inputs) };
}

function isWrittenSince(began: number, path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && Math.trunc(found.mtimeMs) > began;
}

/** What was bundled before, when that is still what its sources give. */
function keptCode(place: string, root: string): string | undefined {
  try {
    const { inputs, digest, code } = kept.parse(JSON.parse(readFileSync(place, "utf8")));
    return digest === digestOf(inputs, root) ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Writes it whole or not at all: another process may read it, or write the same. */
function keep(place: string, made: z.infer<typeof kept>): void {
  mkdirSync(dirname(place), { recursive: true });
  const unfinished = `${place}.${String(process.pid)}`;
  writeFileSync(unfinished, JSON.stringify(made));
  renameSync(unfinished, place);
}

/** Of all that decides what comes out. What is not there counts too, as what a package leaves out for Node. */
function digestOf(inputs: readonly string[], root: string): string {
  const files = [...settings, ...inputs].map((path) => {
    const place = join(root, path);
    return [path, existsSync(place) ? { path: place } : { bytes: "" }] as const;
  });
  return contentHash(Object.fromEntries(files), { esbuild: version });
}
