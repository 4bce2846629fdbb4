import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { gunzipSync } from "node:zlib";
import type { TestDatabase } from "../../../../test/services/services.ts";
import type { Report } from "../../../report.ts";
import { ask, landAs, settingsFor } from "../../../test/landing.ts";
import { keyColumns } from "../../columns.ts";
import { inverseOf } from "../../inverse.ts";
import { mappedTables } from "../../plan.ts";
import { identifier } from "../../../sql/quote.ts";
import { dirfinal } from "../plan.ts";

const packed = new URL("../../../../samples/legacy/dirfinal/directory.db.gz", import.meta.url);

/** A copy of dirfinal's sample in a folder of its own. */
export interface Sample {
  readonly path: string;
  remove(): void;
}

/** Unpacks the sample; `dirt` is SQL that is run on it without any foreign key being minded. */
export function unpackSample(dirt = ""): Sample {
  const folder = mkdtempSync(join(tmpdir(), "landfall-dirfinal-"));
  const path = join(folder, "directory.db");
  writeFileSync(path, gunzipSync(readFileSync(packed)));
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  database.exec(dirt);
  database.close();
  return {
    path,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Moves a sample into a database, as the command does. */
export async function landSample({ path }: Sample, target: TestDatabase): Promise<Report> {
  const sources = new Map([["dirfinal", { kind: "sqlite", path } as const]]);
  return landAs(settingsFor(target, target, { systems: ["dirfinal"], sources }));
}

/** Rows in quarantine: their legacy ids by rule, by legacy table. */
export async function heldRows(target: TestDatabase): Promise<Record<string, Record<string, string[]>>> {
  const rows = await ask<{ source: string; rule: string; ids: string[] }>(
    target,
    `SELECT source_table AS source, rule, array_agg(legacy_id ORDER BY length(legacy_id), legacy_id) AS ids
     FROM operations.quarantine WHERE system = 'dirfinal' GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  const held: Record<string, Record<string, string[]>> = {};
  for (const { source, rule, ids } of rows) (held[source] ??= {})[rule] = ids;
  return held;
}

/** How many rows each rule has repaired, by `table rule`. */
export const repairedRows = (report: Report): Record<string, number> =>
  Object.fromEntries((report.details[0]?.repairs ?? []).map(({ table, rule, rows }) => [`${table} ${rule}`, rows]));

/**
 * Goes the plan's way back from what has landed, and compares with the file: `table key column: there, back` for each
 * value that is not what it was. A moment's and a JSON's spelling may differ, not their value.
 */
export async function lostOnTheWayBack({ path }: Sample, target: TestDatabase): Promise<string[]> {
  const database = new DatabaseSync(path, { readOnly: true });
  const differences: string[] = [];
  for (const table of mappedTables(dirfinal)) {
    const types = dirfinal.shape[table.source];
    if (types === undefined) continue;
    const ways = inverseOf(dirfinal, table).map(
      ({ column, sql = "NULL" }) => `(${sql})::text AS ${identifier(column)}`,
    );
    const own = table.among === undefined ? "" : `AND ${table.among}`;
    const back = await ask<Record<string, string | null>>(
      target,
      `SELECT legacy_id AS "~key", ${ways.join(", ")} FROM ${identifier(table.target)} WHERE source_system = 'dirfinal' ${own}`,
    );
    const key = keyColumns(table)
      .map((column) => identifier(column))
      .join(" || ':' || ");
    const texts = Object.keys(types).flatMap((column) => [
      `CAST(${identifier(column)} AS text) AS ${identifier(column)}`,
      `lower(hex(CAST(${identifier(column)} AS blob))) AS ${identifier(`bytes of ${column}`)}`,
    ]);
    const rows = database.prepare(
      `SELECT CAST(${key} AS text) AS "~key", ${texts.join(", ")} FROM ${identifier(table.source)}`,
    );
    const there = new Map(rows.all().map((row) => [row["~key"], row]));
    for (const row of back) {
      for (const [column, type] of Object.entries(types)) {
        const stored = there.get(row["~key"] ?? "");
        const was = stored?.[column] ?? null;
        const is = row[column] ?? null;
        const same =
          was === is ||
          plain(type, was) === plain(type, is) ||
          is === `{"bytes": "${String(stored?.[`bytes of ${column}`])}"}`;
        if (!same) differences.push(`${table.source} ${String(row["~key"])} ${column}: ${String(was)}, ${String(is)}`);
      }
    }
  }
  database.close();
  return differences;
}

/** One spelling of all that a value may have. */
function plain(type: string, value: unknown): unknown {
  if (typeof value !== "string") return value;
  switch (type) {
    case "boolean":
      return { "1": "true", "0": "false" }[value] ?? value;
    case "datetime":
      return value
        .replace(/\+00$/, "")
        .replace(/(\.\d*?)0+$/, "$1")
        .replace(/\.$/, "");
    default:
      return value.startsWith("{") ? asJson(value) : value;
  }
}

function asJson(value: string): string {
  const sorted = (_: string, part: unknown): unknown =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part;
  try {
    return JSON.stringify(JSON.parse(value), sorted);
  } catch {
    return value;
  }
}
