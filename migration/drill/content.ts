import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type pg from "pg";
import { mappedTables, type Plan } from "../plans/plan.ts";
import { Connection } from "../sql/connection.ts";
import { identifier, literal } from "../sql/quote.ts";

/** Everything that a landing leaves behind, by name, each as a number of rows and a digest. Equal content gives equal values. */
export type Content = Readonly<Record<string, string>>;

/** Indexes and constraints that belong to the schema, in whatever order they were made. */
const definitions = `SELECT 'index ' || pg_get_indexdef(i.indexrelid) || ' ' || i.indisvalid AS item
  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname !~ '^(pg_|information_schema$)'
  UNION ALL
  SELECT 'constraint ' || o.conrelid::regclass || ' ' || o.conname || ' ' || pg_get_constraintdef(o.oid) || ' ' || o.convalidated
  FROM pg_constraint o JOIN pg_namespace n ON n.oid = o.connamespace WHERE n.nspname !~ '^(pg_|information_schema$)'`;

const leftovers = `SELECT 'schema ' || nspname AS item FROM pg_namespace WHERE nspname LIKE 'stage%'
  UNION ALL SELECT 'suspended ' || table_name || ' ' || name FROM migration.suspended
  UNION ALL SELECT 'staged ' || system || ' ' || source_table FROM migration.staged_chunks`;

/** Reads what a system has landed: its rows whole, its quarantine, its files, and the schema that they are in. */
export async function contentOf(target: pg.ClientConfig, plan: Plan, store: string): Promise<Content> {
  const connection = await Connection.open(target);
  try {
    await connection.client.query("SET TimeZone = 'UTC'");
    const system = literal(plan.system);
    const content: Record<string, string> = {};
    const take = async (name: string, items: string): Promise<void> => {
      content[name] = await digestOf(connection.client, items);
    };
    for (const table of new Set(mappedTables(plan).map((one) => one.target))) {
      await take(table, `SELECT t::text AS item FROM ${identifier(table)} t WHERE source_system = ${system}`);
    }
    await take(
      "quarantine",
      `SELECT concat_ws('|', source_table, legacy_id, rule, reason, legacy_row) AS item
       FROM operations.quarantine WHERE system = ${system}`,
    );
    await take(
      "repairs",
      `SELECT concat_ws('|', p.source_table, p.rule, p.rows) AS item
       FROM migration.repairs p JOIN migration.runs r ON r.id = p.run_id WHERE r.system = ${system}`,
    );
    await take(
      "transfers of files",
      `SELECT concat_ws('|', f.legacy_id, t.state, t.size, t.digest, t.reason) AS item
       FROM media.transfers t JOIN media.files f ON f.id = t.file_id WHERE f.source_system = ${system}`,
    );
    await take("states", `SELECT state AS item FROM migration.runs WHERE system = ${system}`);
    await take("indexes and constraints", definitions);
    await take("left over", leftovers);
    return { ...content, ...storedIn(store) };
  } finally {
    await connection.close();
  }
}

async function digestOf(client: pg.Client, items: string): Promise<string> {
  const result = await client.query<{ rows: string; digest: string | null }>(
    `SELECT count(*) AS rows, md5(string_agg(md5(i.item), '' ORDER BY md5(i.item) COLLATE "C")) AS digest FROM (${items}) i`,
  );
  const { rows = "0", digest = null } = result.rows[0] ?? {};
  return `${rows} ${digest ?? ""}`.trim();
}

/** What lies in the store, every object by its content. */
function storedIn(folder: string): Record<string, string> {
  const paths = existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        // What a write that was killed has left of itself is no object.
        .filter((path) => !path.includes("/.unfinished/"))
        .sort()
    : [];
  const all = createHash("sha256");
  for (const path of paths) all.update(`${path.slice(folder.length)}\n`).update(readFileSync(path));
  return { store: `${paths.length.toString()} ${all.digest("hex")}` };
}

/** The names under which two contents differ. */
export const differencesOf = (one: Content, other: Content): string[] =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((name) => one[name] !== other[name]);
