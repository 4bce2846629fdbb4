import { createWriteStream } from "node:fs";
import { mkdir, open, rename } from "node:fs/promises";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { literal } from "../sql/quote.ts";
import { ownSchemas } from "./own-schemas.ts";

/** Columns that open something; they stay inside. */
const secret = "(password|secret|token)$";

export interface ExportedEntity {
  readonly table: string;
  readonly file: string;
  readonly rows: number;
}

/**
 * Writes every table of the target into a directory for inspection: one file a table, one row a line, as JSON, in order
 * of the primary key and all of one moment. Password hashes and tokens are left out, as is what the database makes up
 * itself. It is no way back: that is a rollback point. The connection must have no transaction open.
 */
export async function exportEntities(client: pg.Client, directory: string): Promise<ExportedEntity[]> {
  await mkdir(directory, { recursive: true });
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  try {
    const schemas = (await ownSchemas(client)).filter((name) => !name.startsWith("stage_"));
    const tables = await client.query<{ table: string; name: string; hidden: string[]; key: string }>(
      `SELECT n.nspname || '.' || c.relname AS table, format('%I.%I', n.nspname, c.relname) AS name,
         ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
               AND (a.attgenerated <> '' OR a.attname ~ $2) ORDER BY a.attnum) AS hidden,
         (SELECT string_agg(format('t.%I', a.attname), ', ' ORDER BY array_position(i.indkey::smallint[], a.attnum))
          FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
          WHERE i.indrelid = c.oid AND i.indisprimary) AS key
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind = 'r' AND n.nspname = ANY ($1) ORDER BY 1`,
      [schemas, secret],
    );
    const exported: ExportedEntity[] = [];
    for (const { table, name, hidden, key } of tables.rows) {
      const line = `to_jsonb(t) - ARRAY[${hidden.map(literal).join(", ")}]::text[]`;
      const query = `SELECT ${line} FROM ${name} t${(key as string | null) === null ? "" : ` ORDER BY ${key}`}`;
      exported.push({ table, ...(await write(client, query, join(directory, `${table}.jsonl`))) });
    }
    return exported;
  } finally {
    await client.query("ROLLBACK");
  }
}

async function write(client: pg.Client, query: string, path: string): Promise<{ file: string; rows: number }> {
  // JSON holds no control characters, so with these nothing is quoted and every line is the JSON itself.
  const copy = client.query(copyTo(`COPY (${query}) TO STDOUT (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')`));
  let rows = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) rows += 1;
      done(null, chunk);
    },
  });
  const unfinished = `${path}.unfinished`;
  await pipeline(copy, count, createWriteStream(unfinished, { mode: 0o600 }));
  const file = await open(unfinished);
  await file.sync().finally(() => file.close());
  await rename(unfinished, path);
  return { file: path, rows };
}
