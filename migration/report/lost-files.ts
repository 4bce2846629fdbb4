import type { LandedFiles, LostFile } from "@landfall/app/console/landing-report";
import type pg from "pg";

/** Missing and damaged files that a report lists by name. */
const mostListed = 1000;

export const noFiles: LandedFiles = { rows: 0, landed: 0, missing: 0, damaged: 0, bytes: 0, lost: [] };

/** What became of a system's files, as the target knows it; a target without the tables for files has none. */
export async function readFiles(client: pg.Client, system: string): Promise<LandedFiles> {
  const known = await client.query<{ known: boolean }>("SELECT to_regclass('media.transfers') IS NOT NULL AS known");
  if (known.rows[0]?.known !== true) return noFiles;
  const counted = await client.query<Record<"rows" | "landed" | "missing" | "damaged" | "bytes", string>>(
    `SELECT count(*) AS rows, count(*) FILTER (WHERE t.state = 'landed') AS landed,
       count(*) FILTER (WHERE t.state = 'missing') AS missing, count(*) FILTER (WHERE t.state = 'damaged') AS damaged,
       coalesce(sum(t.size) FILTER (WHERE t.state = 'landed'), 0) AS bytes
     FROM media.files f LEFT JOIN media.transfers t ON t.file_id = f.id
     WHERE f.source_system = $1 AND f.legacy_path IS NOT NULL`,
    [system],
  );
  const lost = await client.query<LostFile>(
    `SELECT f.legacy_path AS path, t.state, coalesce(t.reason, '') AS reason
     FROM media.files f JOIN media.transfers t ON t.file_id = f.id
     WHERE f.source_system = $1 AND t.state <> 'landed' ORDER BY f.legacy_path COLLATE "C" LIMIT $2`,
    [system, mostListed],
  );
  const [row] = counted.rows;
  const figure = (text: string | undefined): number => Number(text ?? 0);
  return {
    rows: figure(row?.rows),
    landed: figure(row?.landed),
    missing: figure(row?.missing),
    damaged: figure(row?.damaged),
    bytes: figure(row?.bytes),
    lost: lost.rows,
  };
}
