import { DatabaseSync } from "node:sqlite";
import mysql from "mysql2/promise";
import pg from "pg";
import { loadUnpuzzle } from "../../test/services/mariadb.ts";
import { unpackSample } from "../plans/dirfinal/test/sample.ts";
import type { Plan } from "../plans/plan.ts";
import type { SourceAddress } from "../sources/address.ts";
import { identifier } from "../sql/quote.ts";
import { createLegacy, discard } from "../test/legacy.ts";
import { ask } from "../test/landing.ts";
import type { InventedRow, InventedRows } from "./invented-rows.ts";

/** A legacy database whose rows are invented anew, again and again. */
export interface InventedSource {
  readonly address: SourceAddress;
  /** Characters that a column has room for, by `table.column`, where there is a limit. */
  readonly widths: ReadonlyMap<string, number>;
  /** Puts rows in the place of all that the tables held. */
  fill(rows: InventedRows): Promise<void>;
  close(): Promise<void>;
}

/** Opens a system's sample with nothing left that keeps rows from being bad: no key but the primary ones, no CHECK, no NOT NULL. */
export async function openInventedSource(plan: Plan): Promise<InventedSource> {
  switch (plan.engine) {
    case "postgresql":
      return openPostgres(plan);
    case "mariadb":
      return openMariaDB();
    case "sqlite":
      return openSQLite();
  }
}

const loosen = `DO $$ DECLARE c record; BEGIN
  FOR c IN SELECT conrelid::regclass AS tab, conname FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND contype IN ('f', 'c', 'u')
  LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I CASCADE', c.tab, c.conname); END LOOP;
  FOR c IN SELECT indexrelid::regclass AS name FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
    WHERE t.relnamespace = 'public'::regnamespace AND NOT i.indisprimary
  LOOP EXECUTE format('DROP INDEX %s', c.name); END LOOP;
  FOR c IN SELECT a.attrelid::regclass AS tab, a.attname, a.attnotnull,
      EXISTS (SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey)) AS key
    FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid
    WHERE t.relnamespace = 'public'::regnamespace AND t.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
  LOOP
    IF c.attnotnull AND NOT c.key THEN EXECUTE format('ALTER TABLE %s ALTER %I DROP NOT NULL', c.tab, c.attname); END IF;
  END LOOP; END $$`;

async function openPostgres(plan: Plan): Promise<InventedSource> {
  const config = await createLegacy(plan.system);
  await ask(config, loosen);
  const widths = await ask<{ name: string; width: number }>(
    config,
    `SELECT table_name || '.' || column_name AS name, character_maximum_length AS width
     FROM information_schema.columns WHERE table_schema = 'public' AND character_maximum_length IS NOT NULL`,
  );
  const client = new pg.Client(config);
  await client.connect();
  return {
    address: { kind: "postgresql", config },
    widths: new Map(widths.map(({ name, width }) => [name, width])),
    fill: async (rows) => {
      for (const [table, own] of Object.entries(rows)) {
        await client.query(`TRUNCATE ${identifier(table)}`);
        const types = plan.shape[table] ?? {};
        for (const row of own) {
          const columns = Object.keys(row);
          const values = columns.map((column, index) => `$${(index + 1).toString()}::text::${types[column] ?? "text"}`);
          await client.query(
            `INSERT INTO ${identifier(table)} (${columns.map(identifier).join(", ")}) VALUES (${values.join(", ")})`,
            columns.map((column) => row[column]?.stored),
          );
        }
      }
    },
    close: async () => {
      await client.end();
      await discard(config);
    },
  };
}

async function openMariaDB(): Promise<InventedSource> {
  const source = await loadUnpuzzle();
  const { host, port, user, password, database } = source;
  const config = { host, port, user, password, database };
  const connection = await mysql.createConnection({ ...config, charset: "utf8mb4" });
  await connection.query(
    "SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO', foreign_key_checks = 0, check_constraint_checks = 0, time_zone = '+00:00'",
  );
  const [widths] = await connection.query<(mysql.RowDataPacket & { name: string; width: number })[]>(
    `SELECT CONCAT(table_name, '.', column_name) AS name, CAST(character_maximum_length AS SIGNED) AS width
     FROM information_schema.columns WHERE table_schema = DATABASE() AND data_type = 'varchar'`,
  );
  return {
    address: { kind: "mariadb", config },
    widths: new Map(widths.map(({ name, width }) => [name, width])),
    fill: async (rows) => {
      for (const [table, own] of Object.entries(rows)) {
        await connection.query(`DELETE FROM \`${table}\``);
        const [first] = own;
        if (first === undefined) continue;
        const columns = Object.keys(first);
        await connection.query(
          `INSERT INTO \`${table}\` (${columns.map((column) => `\`${column}\``).join(", ")}) VALUES ?`,
          [own.map((row) => columns.map((column) => row[column]?.stored))],
        );
      }
    },
    close: async () => {
      await connection.end();
      await source.drop();
    },
  };
}

function openSQLite(): InventedSource {
  const sample = unpackSample();
  const database = new DatabaseSync(sample.path, { enableForeignKeyConstraints: false });
  const insert = (table: string, row: InventedRow): void => {
    const columns = Object.keys(row);
    database
      .prepare(
        `INSERT INTO ${identifier(table)} (${columns.map(identifier).join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
      )
      .run(...columns.map((column) => row[column]?.stored ?? null));
  };
  return {
    address: { kind: "sqlite", path: sample.path },
    widths: new Map(),
    fill: (rows) => {
      database.exec("BEGIN");
      for (const [table, own] of Object.entries(rows)) {
        database.exec(`DELETE FROM ${identifier(table)}`);
        for (const row of own) insert(table, row);
      }
      database.exec("COMMIT");
      return Promise.resolve();
    },
    close: () => {
      database.close();
      sample.remove();
      return Promise.resolve();
    },
  };
}
