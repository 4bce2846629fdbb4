import { pipeline } from "node:stream/promises";
import type { Readable } from "node:stream";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { migrateSchema } from "../../../../app/schema/migrate.ts";
import { createDatabase } from "../../../../test/services/services.ts";
import type { TestMariaDB } from "../../../../test/services/mariadb.ts";
import { Connection } from "../../../sql/connection.ts";
import type { Sums } from "../../../sql/fingerprints.ts";
import { identifier } from "../../../sql/quote.ts";
import { wholeTable } from "../../../sql/range.ts";
import { oddColumn, storedRelation } from "../../../plans/columns.ts";
import type { Plan } from "../../../plans/plan.ts";
import { sumsHere } from "../../../staging/sums.ts";
import { partColumns, partTable, stagingSchema, stagingStatements, type Part } from "../../../staging/tables.ts";
import { openMariaDB } from "../source.ts";

/** A PostgreSQL database that stands for the target. */
export interface Target {
  readonly client: pg.Client;
  drop(): Promise<void>;
}

export async function createTarget(): Promise<Target> {
  const database = await createDatabase();
  await migrateSchema(database, { direction: "up" });
  const connection = await Connection.open(database);
  return {
    client: connection.client,
    drop: async () => {
      await connection.close();
      await database.drop();
    },
  };
}

/** What came of staging a whole table. */
export interface Staged {
  /** Its rows as texts, with `~odd` last. */
  readonly rows: (string | null)[][];
  /** How many of them came as text. */
  readonly doubtful: number;
  /** The sums of both parts as PostgreSQL has them, and as the source says. */
  readonly here: Sums[];
  readonly there: Sums[];
}

/** Stages a whole table into PostgreSQL, as a landing does. */
export async function stage({ client }: Target, database: TestMariaDB, table: string): Promise<Staged> {
  const source = await openMariaDB(database);
  try {
    const snapshot = await source.snapshot(1);
    const reader = await snapshot.reader();
    const columns = [...(source.catalogue.tables.get(table)?.columns ?? [])].map(([name, { type }]) => ({
      name,
      type,
    }));
    const folded = { disposition: "folded", source: table, key: columns[0]?.name ?? "", reason: "", back: {} } as const;
    const staged = { table: folded, columns };
    await client.query(`DROP SCHEMA IF EXISTS ${stagingSchema(plan)} CASCADE; CREATE SCHEMA ${stagingSchema(plan)};
SET migration.chunk = '1'; ${stagingStatements(plan, staged).join(";\n")}`);
    const of = { staged, chunk: wholeTable };
    const load = async (part: Part, lines: Readable): Promise<Sums> => {
      const names = partColumns(staged, part)
        .map(({ name }) => identifier(name))
        .join(", ");
      await pipeline(lines, client.query(copyFrom(`COPY ${partTable(plan, table, part)} (${names}) FROM STDIN`)));
      return sumsHere(client, plan, { ...of, part });
    };
    const here = [
      await load("plain", reader.plain(table, wholeTable)),
      await load("doubtful", reader.doubtful(table, wholeTable)),
    ];
    const plain = await reader.plainSums(table, wholeTable);
    const there = [plain.sums, await reader.doubtfulSums(table, wholeTable)];
    await snapshot.close();
    const { rows } = await client.query<{ stored: Record<string, string | null>; bytes: unknown }>(
      `SELECT to_jsonb(r) AS stored, r."${oddColumn}"::jsonb AS bytes FROM ${stagingSchema(plan)}.${identifier(storedRelation(table))} r`,
    );
    return {
      rows: rows.map(({ stored, bytes }) => [
        ...columns.map(({ name }) => stored[name] ?? null),
        bytes === null ? null : JSON.stringify(bytes),
      ]),
      doubtful: plain.doubtful,
      here,
      there,
    };
  } finally {
    await source.close();
  }
}

const plan: Plan = { system: "invented", window: 1, engine: "mariadb", shape: {}, tables: [], rights: "", tallies: [] };
