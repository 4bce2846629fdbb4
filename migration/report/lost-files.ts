import type { LandedFiles } from "@landfall/app/console/landing-report";
import type pg from "pg";
import { fileFaults, fileFigures } from "../files/file-rows.ts";

/** Missing and damaged files that a report lists by name. */
const mostListed = 1000;

export const noFiles: LandedFiles = { rows: 0, landed: 0, missing: 0, damaged: 0, waiting: 0, bytes: 0, lost: [] };

/** What became of a system's files, as the target knows it; a target without the tables for files has none. */
export async function readFiles(client: pg.Client, system: string): Promise<LandedFiles> {
  const known = await client.query<{ known: boolean }>("SELECT to_regclass('media.transfers') IS NOT NULL AS known");
  if (known.rows[0]?.known !== true) return noFiles;
  const lost = await fileFaults(client, system, mostListed);
  return {
    ...(await fileFigures(client, system)),
    lost: lost.map(({ path, legacyId, state, reason }) => ({ path: path ?? `row ${legacyId}`, state, reason })),
  };
}
