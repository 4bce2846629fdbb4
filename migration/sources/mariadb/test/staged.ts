import { pipeline } from "node:stream/promises";
import type { Readable } from "node:stream";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { createDatabase } from "../../../../test/services/services.ts";
import type { TestMariaDB } from "../../../../test/services/mariadb.ts";
import { sums } from "../../../sql/fingerprint.ts";
import type { Sums } from "../../../sql/fingerprints.ts";
import { identifier } from "../../../sql/quote.ts";
import { wholeTable } from "../../../sql/range.ts";
import { openMariaDB } from "../source.ts";

/** A PostgreSQL database that stands for the target. */
export interface Target {
  readonly client: pg.Client;
  drop(): Promise<void>;
}

export async function createTarget(): Promise<Target> {
  const database = await createDatabase();
  const client = new pg.Client({ ...database });
  await client.connect();
  return {
    client,
    drop: async () => {
      await client.end();
      await database.drop();
    },
  };
}

/** Loads lines into a new table of text columns, and gives its rows and what PostgreSQL makes of their sums. */
export async function load(
  { client }: Target,
  columns: readonly string[],
  lines: Readable,
): Promise<{ rows: (string | null)[][]; sums: Sums }> {
  const named = columns.map(identifier);
  await client.query(
    `DROP TABLE IF EXISTS staged; CREATE TABLE staged (${named.map((name) => `${name} text`).join(", ")})`,
  );
  await pipeline(lines, client.query(copyFrom(`COPY staged (${named.join(", ")}) FROM STDIN`)));
  const { rows } = await client.query<(string | null)[]>({
    text: `SELECT ${named.join(", ")} FROM staged`,
    rowMode: "array",
  });
  const compared = columns.map((name) => ({ name, type: "text" }));
  const found = await client.query<Sums>(sums(`SELECT s.*, '' AS legacy_id FROM staged s`, compared, "text"));
  return { rows, sums: found.rows[0] ?? { rows: "", first: "", second: "" } };
}

/** Stages a whole table into PostgreSQL: its rows with `~odd` last, and the sums of both sides. */
export async function stage(
  target: Target,
  database: TestMariaDB,
  table: string,
): Promise<{ rows: (string | null)[][]; here: Sums; there: Sums }> {
  const source = await openMariaDB(database);
  try {
    const snapshot = await source.snapshot(1);
    const reader = await snapshot.reader();
    const columns = [...(source.catalogue.tables.get(table)?.columns.keys() ?? []), "~odd"];
    const { rows, sums: here } = await load(target, columns, reader.staged(table, wholeTable));
    const there = await reader.stagedSums(table, wholeTable);
    await snapshot.close();
    return { rows, here, there };
  } finally {
    await source.close();
  }
}
