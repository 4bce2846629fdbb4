import type pg from "pg";
import { inTransaction } from "../sql/connection.ts";
import { identifier } from "../sql/quote.ts";
import { checkEpoch } from "./runner.ts";

/** Something that was taken off a table so that it fills faster. */
export interface Suspended {
  readonly id: string;
  readonly table: string;
  readonly name: string;
  readonly kind: "index" | "unique" | "foreign key";
  /** Of an index, also one behind a constraint, the statement that makes it; of a foreign key what follows its name. */
  readonly definition: string;
}

/** Tables with fewer rows to come keep what they have: it costs them less than to make it anew. */
const fewestRows = 20_000;

/**
 * Takes secondary indexes, unique constraints and foreign keys off the empty tables that many rows are about to fill,
 * and remembers them. Primary keys and checks stay. Within a transaction.
 */
export async function suspend(client: pg.Client, rowsToCome: ReadonlyMap<string, number>): Promise<void> {
  for (const [table, rows] of rowsToCome) {
    if (rows < fewestRows) continue;
    const any = await client.query(`SELECT FROM ${identifier(table)} LIMIT 1`);
    if (any.rowCount !== 0) continue;
    for (const { name, kind, definition } of await droppable(client, table)) {
      await client.query(
        "INSERT INTO migration.suspended (table_name, name, kind, definition) VALUES ($1, $2, $3, $4)",
        [table, name, kind, definition],
      );
      await client.query(
        kind === "index"
          ? `DROP INDEX ${identifier(`${table.split(".", 1)[0] ?? ""}.${name}`)}`
          : `ALTER TABLE ${identifier(table)} DROP CONSTRAINT ${identifier(name)}`,
      );
    }
  }
}

async function droppable(client: pg.Client, table: string): Promise<Omit<Suspended, "id" | "table">[]> {
  const found = await client.query<Omit<Suspended, "id" | "table">>(
    `SELECT o.conname AS name, 'foreign key' AS kind, pg_get_constraintdef(o.oid) AS definition
     FROM pg_constraint o WHERE o.conrelid = $1::regclass AND o.contype = 'f' AND o.convalidated
     UNION ALL
     SELECT x.relname, CASE WHEN o.oid IS NULL THEN 'index' ELSE 'unique' END, pg_get_indexdef(i.indexrelid)
     FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
     LEFT JOIN pg_constraint o ON o.conindid = i.indexrelid AND o.conrelid = i.indrelid
     WHERE i.indrelid = $1::regclass AND i.indisvalid AND NOT i.indisprimary AND NOT i.indisreplident
       AND coalesce(o.contype, 'u') = 'u' AND NOT coalesce(o.condeferrable, false)
       AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = i.indexrelid)
     ORDER BY 1`,
    [table],
  );
  return found.rows;
}

/** What is still off, tables with most to do first, foreign keys last. */
export async function readSuspended(client: pg.Client): Promise<Suspended[]> {
  const result = await client.query<Suspended>(
    `SELECT s.id::text, s.table_name AS table, s.name, s.kind, s.definition
     FROM migration.suspended s ORDER BY s.kind = 'foreign key', pg_table_size(s.table_name::regclass) DESC, s.id`,
  );
  return result.rows;
}

/**
 * Puts everything back that was taken off, several at a time, each in a transaction with its record; what was put back
 * before an interruption stays. Foreign keys come after all indexes, for they look things up by them.
 */
export async function restoreSuspended(
  clients: readonly pg.Client[],
  of: { control: pg.Client; epoch: string; onRestored: (one: Suspended) => void },
): Promise<void> {
  const waiting = await readSuspended(of.control);
  if (waiting.length === 0) return;
  for (const client of clients) await client.query("SET maintenance_work_mem = '512MB'");
  for (const round of [
    waiting.filter(({ kind }) => kind !== "foreign key"),
    waiting.filter(({ kind }) => kind === "foreign key"),
  ]) {
    const failures: unknown[] = [];
    await Promise.all(
      clients.map(async (client) => {
        for (let one = round.shift(); one !== undefined && failures.length === 0; one = round.shift()) {
          try {
            await putBack(client, one, of.epoch);
            of.onRestored(one);
          } catch (error) {
            failures.push(error);
          }
        }
      }),
    );
    if (failures.length > 0) throw failures[0];
  }
  for (const client of clients) await client.query("RESET maintenance_work_mem");
}

async function putBack(client: pg.Client, one: Suspended, epoch: string): Promise<void> {
  const table = identifier(one.table);
  try {
    await inTransaction(client, async () => {
      if (one.kind === "foreign key") {
        // A scan under a lock that lets others read and write: see VALIDATE CONSTRAINT in PostgreSQL's manual.
        await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${identifier(one.name)} ${one.definition} NOT VALID`);
        await client.query(`ALTER TABLE ${table} VALIDATE CONSTRAINT ${identifier(one.name)}`);
      } else {
        await client.query(one.definition);
      }
      if (one.kind === "unique") {
        await client.query(
          `ALTER TABLE ${table} ADD CONSTRAINT ${identifier(one.name)} UNIQUE USING INDEX ${identifier(one.name)}`,
        );
      }
      await client.query("DELETE FROM migration.suspended WHERE id = $1", [one.id]);
      await checkEpoch(client, epoch);
    });
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "error") throw error;
    throw new Error(
      `The ${one.kind} ${one.name} of ${one.table} could not be put back: ${error.message}. The next run tries it again.`,
      {
        cause: error,
      },
    );
  }
}
