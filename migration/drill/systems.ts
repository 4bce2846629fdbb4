import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { dirfinal } from "../plans/dirfinal/plan.ts";
import { learnmore } from "../plans/learnmore/plan.ts";
import { listcutter } from "../plans/listcutter/plan.ts";
import { openlearn } from "../plans/openlearn/plan.ts";
import type { Plan } from "../plans/plan.ts";
import { unpuzzle } from "../plans/unpuzzle/plan.ts";

const samples = fileURLToPath(new URL("../../samples/legacy/", import.meta.url));

/** A system that a drill lands. */
export interface DrilledSystem {
  readonly plan: Plan;
  /** Rows of its sample again and again, under ids of their own, until a table is large enough to lose its indexes while it fills. */
  readonly enlarge: string;
  /** Whether its sample has files. */
  readonly files: boolean;
}

const systems: readonly DrilledSystem[] = [
  {
    plan: learnmore,
    files: false,
    enlarge: `INSERT INTO analytics_event (id, user_id, kind, object_type_id, object_id, payload, ip, at)
      SELECT md5(id::text || n)::uuid, user_id, kind, object_type_id, object_id, payload, ip, at
      FROM analytics_event CROSS JOIN generate_series(1, 3) n`,
  },
  {
    plan: openlearn,
    files: false,
    enlarge: `INSERT INTO scrape_runs (id, source_id, state, items, error, started_at, finished_at)
      SELECT id + n * 100000, source_id, state, items, error, started_at, finished_at
      FROM scrape_runs CROSS JOIN generate_series(1, 35) n`,
  },
  {
    plan: listcutter,
    files: true,
    enlarge: `INSERT INTO lists_cutjob (id, source_id, result_id, saved_filter_id, state, rows_in, rows_out, started_at, took, error)
      SELECT id + n * 100000, source_id, result_id, saved_filter_id, state, rows_in, rows_out, started_at, took, error
      FROM lists_cutjob CROSS JOIN generate_series(1, 13) n`,
  },
  {
    plan: dirfinal,
    files: true,
    enlarge: `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 6)
      INSERT INTO audit_log (id, user_id, action, detail, ip, at)
      SELECT id + n * 100000, user_id, action, detail, ip, at FROM audit_log CROSS JOIN numbers`,
  },
  {
    plan: unpuzzle,
    files: false,
    enlarge: `INSERT INTO activity_log (id, user_id, verb, object, meta, at)
      SELECT id + n * 34359738368, user_id, verb, object, meta, at
      FROM activity_log CROSS JOIN (SELECT 1 AS n UNION SELECT 2) numbers`,
  },
];

/** Every system that can be drilled, by its name. */
export const drilledSystems: ReadonlyMap<string, DrilledSystem> = new Map(
  systems.map((system) => [system.plan.system, system]),
);

/** The packed dump of a system's sample. */
export const dumpOf = ({ plan }: DrilledSystem): string => join(samples, plan.system, "dump.sql.gz");

/** Unpacks an SQLite sample into a folder, enlarged, and gives its path. */
export function unpackSQLite({ plan, enlarge }: DrilledSystem, folder: string): string {
  const path = join(folder, `${plan.system}.db`);
  writeFileSync(path, gunzipSync(readFileSync(join(samples, plan.system, "directory.db.gz"))));
  const database = new DatabaseSync(path);
  database.exec(enlarge);
  database.close();
  return path;
}

/** Unpacks the files of a sample into a folder of their own, and gives it; undefined where there are none. */
export function unpackFiles({ plan, files }: DrilledSystem, folder: string): string | undefined {
  if (!files) return undefined;
  const directory = join(folder, `${plan.system}-media`);
  mkdirSync(directory, { recursive: true });
  execFileSync("tar", ["xzf", join(samples, plan.system, "media.tar.gz"), "-C", directory]);
  return directory;
}
