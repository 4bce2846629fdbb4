import { buildSync } from "esbuild";
import { join } from "node:path";
import { projectRoot, type ContextFile } from "./files.ts";

/**
 * A TypeScript entry point and all that it imports as one ES module for Node 24.
 * The same sources give the same bytes.
 *
 * @param entry path from the project's root, for example `app/main.ts`
 * @throws when the sources do not bundle, with esbuild's own messages
 */
export function bundle(entry: string): ContextFile {
  const result = buildSync({
    absWorkingDir: projectRoot,
    entryPoints: [join(projectRoot, entry)],
    bundle: true,
    write: false,
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
  return { bytes: output.contents };
}
