import { readFileSync } from "node:fs";
import mysql from "mysql2/promise";
import { loadUnpuzzle, type TestMariaDB } from "../../../../test/services/mariadb.ts";
import type { TestDatabase } from "../../../../test/services/services.ts";
import type { Report } from "../../../report.ts";
import { identifier } from "../../../sql/quote.ts";
import { ask, landAs, settingsFor } from "../../../test/landing.ts";
import { keyColumns } from "../../columns.ts";
import { inverseOf } from "../../inverse.ts";
import { mappedTables } from "../../plan.ts";
import { unpuzzle } from "../plan.ts";

/** Unpuzzle's sample with what MariaDB takes and nobody should have written. */
export async function loadDirty(): Promise<TestMariaDB> {
  const database = await loadUnpuzzle();
  await database.run(readFileSync(new URL("dirt.sql", import.meta.url), "utf8"));
  return database;
}

/** Moves a sample into a database, as the command does. */
export async function landSample(
  { host, port, user, password, database }: TestMariaDB,
  target: TestDatabase,
): Promise<Report> {
  const config = { host, port, user, password, database };
  const sources = new Map([["unpuzzle", { kind: "mariadb", config } as const]]);
  return landAs(settingsFor(target, target, { systems: ["unpuzzle"], sources, chunkRows: 2000 }));
}

/** Rows in quarantine: their legacy ids by `table rule`. */
export async function heldRows(target: TestDatabase): Promise<Record<string, string[]>> {
  const rows = await ask<{ rule: string; ids: string[] }>(
    target,
    `SELECT source_table || ' ' || rule AS rule, array_agg(legacy_id ORDER BY length(legacy_id), legacy_id) AS ids
     FROM operations.quarantine WHERE system = 'unpuzzle' GROUP BY 1`,
  );
  return Object.fromEntries(rows.map(({ rule, ids }) => [rule, ids]));
}

/** How many rows each rule has repaired, by `table rule`. */
export const repairedRows = (report: Report): Record<string, number> =>
  Object.fromEntries((report.details[0]?.repairs ?? []).map(({ table, rule, rows }) => [`${table} ${rule}`, rows]));

/**
 * Goes the plan's way back from what has landed, and compares with the source: `table key column: there, back` for each
 * value that is not what it was. The spelling of a moment, a float or a JSON may differ, not its value.
 */
export async function lostOnTheWayBack(source: TestMariaDB, target: TestDatabase): Promise<string[]> {
  const { host, port, user, password, database } = source;
  const connection = await mysql.createConnection({ host, port, user, password, database, charset: "utf8mb4" });
  try {
    await connection.query("SET sql_mode = '', time_zone = '+00:00'");
    const differences: string[] = [];
    for (const table of mappedTables(unpuzzle)) {
      const types = unpuzzle.shape[table.source];
      if (types === undefined) continue;
      const ways = inverseOf(unpuzzle, table).map(
        ({ column, sql = "NULL" }) => `(${sql})::text AS ${identifier(column)}`,
      );
      const back = await ask<Record<string, string | null>>(
        target,
        `SELECT legacy_id AS "~key", ${ways.join(", ")} FROM ${table.target} WHERE source_system = 'unpuzzle'`,
      );
      const texts = Object.keys(types).map((column) => `CAST(\`${column}\` AS CHAR) AS \`${column}\``);
      const key = `CONCAT_WS(':', ${keyColumns(table).join(", ")})`;
      const [found] = await connection.query<mysql.RowDataPacket[]>(
        `SELECT CAST(${key} AS CHAR) AS \`~key\`, ${texts.join(", ")} FROM \`${table.source}\``,
      );
      const rows: readonly Record<string, string | null>[] = found;
      const there = new Map(rows.map((row) => [row["~key"], row]));
      for (const row of back) {
        for (const [column, type] of Object.entries(types)) {
          const was = there.get(row["~key"] ?? "")?.[column] ?? null;
          const is = row[column] ?? null;
          if (was !== is && plain(type, was) !== plain(type, is))
            differences.push(`${table.source} ${String(row["~key"])} ${column}: ${String(was)}, ${String(is)}`);
        }
      }
    }
    return differences;
  } finally {
    await connection.end();
  }
}

/** One spelling of all that a value may have. */
function plain(type: string, value: string | null): unknown {
  if (value === null) return null;
  // What PostgreSQL has no text for is kept as its bytes.
  const bytes = /^\{"bytes": "([0-9a-f]*)"\}$/.exec(value)?.[1];
  if (bytes !== undefined) return Buffer.from(bytes, "hex").toString("utf8");
  switch (type) {
    case "tinyint(1)":
      return { true: "1", false: "0" }[value] ?? value;
    case "datetime":
      return value
        .replace(/\+00$/, "")
        .replace(/(\.\d*?)0+$/, "$1")
        .replace(/\.$/, "");
    case "float":
      return Math.fround(Number(value)).toPrecision(6);
    case "json":
      return asJson(value);
    default:
      return value;
  }
}

function asJson(value: string): string {
  try {
    const parsed: unknown = JSON.parse(value);
    return JSON.stringify(parsed, (_, part: unknown) =>
      part !== null && typeof part === "object" && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).toSorted(([one], [other]) => (one < other ? -1 : 1)))
        : part,
    );
  } catch {
    return value;
  }
}
