import type pg from "pg";
import { inTransaction } from "../sql/connection.ts";
import { identifier } from "../sql/quote.ts";
import { inTurns } from "../sql/turns.ts";
import { checkEpoch } from "./runner.ts";

/** Something that was taken off a table so that it fills faster. */
export interface Suspended {
  readonly id: string;
  readonly table: string;
  readonly name: string;
  readonly kind: "index" | "unique" | "primary key" | "foreign key";
  /** Of an index, also one behind a constraint, the statement that makes it; of a foreign key what follows its name. */
  readonly definition: string;
}

/** Tables with fewer rows to come keep what they have: it costs them less than to make it anew. */
const fewestRows = 20_000;

/**
 * Takes indexes, keys and foreign keys off the empty tables that many rows are about to fill, and remembers them. A
 * primary key stays where something builds on it, and on the tables of `unjudged`, whose rows nobody has looked at for
 * doubles: there it tells at once. Checks stay everywhere. Within a transaction.
 */
export async function suspend(
  client: pg.Client,
  rowsToCome: ReadonlyMap<string, number>,
  unjudged: ReadonlySet<string> = new Set(),
): Promise<void> {
  for (const [table, rows] of rowsToCome) {
    if (rows < fewestRows) continue;
    const any = await client.query(`SELECT FROM ${identifier(table)} LIMIT 1`);
    if (any.rowCount !== 0) continue;
    for (const { name, kind, definition } of await droppable(client, table, unjudged.has(table))) {
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

async function droppable(
  client: pg.Client,
  table: string,
  keepsKey: boolean,
): Promise<Omit<Suspended, "id" | "table">[]> {
  const found = await client.query<Omit<Suspended, "id" | "table">>(
    `SELECT o.conname AS name, 'foreign key' AS kind, pg_get_constraintdef(o.oid) AS definition
     FROM pg_constraint o WHERE o.conrelid = $1::regclass AND o.contype = 'f' AND o.convalidated
     UNION ALL
     SELECT x.relname, CASE WHEN o.oid IS NULL THEN 'index' WHEN i.indisprimary THEN 'primary key' ELSE 'unique' END,
        pg_get_indexdef(i.indexrelid)
     FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
     LEFT JOIN pg_constraint o ON o.conindid = i.indexrelid AND o.conrelid = i.indrelid
     WHERE i.indrelid = $1::regclass AND i.indisvalid AND NOT i.indisreplident
       AND coalesce(o.contype, 'u') IN ('u', 'p') AND NOT (i.indisprimary AND $2) AND NOT coalesce(o.condeferrable, false)
       AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = i.indexrelid)
       -- A view that groups by the key, for example.
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.refclassid = 'pg_constraint'::regclass AND d.refobjid = o.oid AND d.deptype = 'n')
     ORDER BY 1`,
    [table, keepsKey],
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

export interface Restoring {
  readonly control: pg.Client;
  readonly epoch: string;
  readonly onRestored: (one: Suspended) => void;
}

/**
 * Puts everything back that was taken off, several at a time; what was put back before an interruption stays. Indexes
 * come first, then the constraints over them, then foreign keys, which look things up by them. What locks a table
 * wholly takes but a moment and is done one by one, so that nothing waits in a circle.
 */
export async function restoreSuspended(clients: readonly pg.Client[], of: Restoring): Promise<void> {
  const waiting = await readSuspended(of.control);
  if (waiting.length === 0) return;
  const keys = waiting.filter(({ kind }) => kind === "unique" || kind === "primary key");
  const foreignKeys = waiting.filter(({ kind }) => kind === "foreign key");
  for (const client of clients) await client.query("SET maintenance_work_mem = '512MB'");
  await inTurns(
    clients,
    waiting.filter(({ kind }) => kind !== "foreign key"),
    async (client, one) => {
      const statement = one.definition.replace(/^CREATE (UNIQUE )?INDEX /, "CREATE $1INDEX IF NOT EXISTS ");
      await putBack(client, { ...of, one, statement, done: one.kind === "index" });
    },
  );
  for (const one of keys) {
    const statement = `ALTER TABLE ${identifier(one.table)} ADD CONSTRAINT ${identifier(one.name)} ${one.kind} USING INDEX ${identifier(one.name)}`;
    await putBack(of.control, { ...of, one, statement, done: true });
  }
  for (const one of foreignKeys) {
    const there = await of.control.query("SELECT FROM pg_constraint WHERE conrelid = $1::regclass AND conname = $2", [
      one.table,
      one.name,
    ]);
    const statement = `ALTER TABLE ${identifier(one.table)} ADD CONSTRAINT ${identifier(one.name)} ${one.definition} NOT VALID`;
    if (there.rowCount === 0) await putBack(of.control, { ...of, one, statement, done: false });
  }
  await inTurns(clients, foreignKeys, async (client, one) => {
    const statement = `ALTER TABLE ${identifier(one.table)} VALIDATE CONSTRAINT ${identifier(one.name)}`;
    await putBack(client, { ...of, one, statement, done: true });
  });
  for (const client of clients) await client.query("RESET maintenance_work_mem");
}

/** Runs a statement in one transaction, with what is remembered of it where that is all there is to do. */
async function putBack(
  client: pg.Client,
  of: Restoring & { one: Suspended; statement: string; done: boolean },
): Promise<void> {
  const { one, done } = of;
  try {
    await inTransaction(client, async () => {
      await client.query(of.statement);
      if (done) await client.query("DELETE FROM migration.suspended WHERE id = $1", [one.id]);
      await checkEpoch(client, of.epoch);
    });
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "error") throw error;
    throw new Error(
      `The ${one.kind} ${one.name} of ${one.table} could not be put back: ${error.message}. The next run tries it again.`,
      { cause: error },
    );
  }
  if (done) of.onRestored(one);
}
