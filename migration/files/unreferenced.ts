import type pg from "pg";
import type { MediaFolder } from "./media-folder.ts";
import { spellings } from "./legacy-path.ts";

/** Files that were handed over and that no row names; they are left alone. */
export interface Unreferenced {
  readonly files: number;
  /** Their paths, the first 1,000. */
  readonly paths: readonly string[];
}

const page = 500;
const listed = 1000;

/** Which files of a folder no landed row of the system names. */
export async function unreferencedFiles(client: pg.Client, system: string, folder: MediaFolder): Promise<Unreferenced> {
  const paths: string[] = [];
  let files = 0;
  const look = async (batch: readonly string[]): Promise<void> => {
    const named = await namedOf(client, system, batch);
    for (const path of batch) {
      if (named.has(path)) continue;
      files += 1;
      if (paths.length < listed) paths.push(path);
    }
  };
  let batch: string[] = [];
  for await (const path of folder.files()) {
    batch.push(path);
    if (batch.length < page) continue;
    await look(batch);
    batch = [];
  }
  await look(batch);
  return { files, paths: paths.sort() };
}

/** Those of some paths that a row names, in any of the ways in which a row's path is looked for. */
async function namedOf(client: pg.Client, system: string, paths: readonly string[]): Promise<Set<string>> {
  const ways = paths.flatMap((path) =>
    [path, path.replace(/^media\//, "")].flatMap(spellings).map((way) => ({ path, way })),
  );
  const result = await client.query<{ path: string }>(
    `SELECT DISTINCT w.path FROM unnest($2::text[], $3::text[]) w (path, way)
     WHERE EXISTS (SELECT FROM media.files f WHERE f.object_key = $1 || '/' || w.way AND f.source_system = $1)
        OR EXISTS (SELECT FROM media.files f WHERE f.legacy_path = w.way AND f.source_system = $1)`,
    [system, ways.map(({ path }) => path), ways.map(({ way }) => way)],
  );
  return new Set(result.rows.map(({ path }) => path));
}
