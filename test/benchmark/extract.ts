/**
 * Landfall's readers alone: the largest tables from their source into bare tables of the target, through one
 * connection to each side, without checkpoints, indexes or verification.
 *
 *   node extract.mjs ENGINE           moves
 *   node extract.mjs ENGINE tables    prints what the others need to do the same, as JSON
 */
import { pipeline } from "node:stream/promises";
import type { Readable } from "node:stream";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { mappedTables, type Plan } from "../../migration/plans/plan.ts";
import { plans } from "../../migration/plans/plans.ts";
import { openMariaDB } from "../../migration/sources/mariadb/source.ts";
import { mappingSelect } from "../../migration/sources/postgres/mapping.ts";
import { openPostgres } from "../../migration/sources/postgres/source.ts";
import { openSQLite } from "../../migration/sources/sqlite/source.ts";
import { columnsOf } from "../../migration/sql/fingerprints.ts";
import { identifier } from "../../migration/sql/quote.ts";
import { wholeTable } from "../../migration/sql/range.ts";
import { mariadb, source, sqlitePath, systems, target, type Engine } from "./ground.ts";
import { dirfinal, learnmore, unpuzzle, type Growth } from "./replicas.ts";

/** A table without keys or indexes that rows of a legacy table go into. */
export interface BareTable {
  readonly table: string;
  readonly create: string;
  /** `name (columns)` as COPY wants it. */
  readonly into: string;
  /** What the rows come from. */
  readonly select: string;
}

interface Move {
  readonly bare: BareTable;
  readonly rows: () => Readable;
}

interface Moves {
  readonly format: "binary" | "text";
  readonly moves: readonly Move[];
  readonly close: () => Promise<void>;
}

const growths: Readonly<Record<Engine, Growth>> = { postgresql: learnmore, mariadb: unpuzzle, sqlite: dirfinal };

function bareTable(table: string, columns: readonly { name: string; type: string }[], select: string): BareTable {
  const name = identifier(`bare_${table}`);
  const typed = columns.map(({ name: column, type }) => `${identifier(column)} ${type}`).join(", ");
  const names = columns.map(({ name: column }) => identifier(column)).join(", ");
  return { table, create: `CREATE TABLE ${name} (${typed})`, into: `${name} (${names})`, select };
}

/** The very rows that would land, from a PostgreSQL source. */
async function fromPostgres(plan: Plan): Promise<Moves> {
  const opened = await openPostgres(plan, source);
  const snapshot = await opened.snapshot();
  const reader = await snapshot.reader();
  const moves = growths.postgresql.extracted.flatMap((name) => {
    const table = mappedTables(plan).find(({ source: legacy }) => legacy === name);
    if (table === undefined) return [];
    const extract = { table, chunk: wholeTable };
    const select = mappingSelect({ plan, schema: "public" }, table, { chunk: wholeTable, rejected: new Map() });
    const bare = bareTable(name, columnsOf(plan, extract), select);
    return [{ bare, rows: () => reader.rows(extract, "binary") }];
  });
  return {
    format: "binary",
    moves,
    close: async () => {
      await reader.close();
      await snapshot.close();
      await opened.close();
    },
  };
}

/** Every column of the plain rows, from a source that is not PostgreSQL. */
async function fromOther(plan: Plan, engine: "mariadb" | "sqlite"): Promise<Moves> {
  const opened = engine === "mariadb" ? await openMariaDB(mariadb, plan) : await openSQLite(sqlitePath, plan);
  const snapshot = await opened.snapshot(1);
  const reader = await snapshot.reader();
  const moves = growths[engine].extracted.map((name) => {
    const names = [...(opened.catalogue.tables.get(name)?.columns.keys() ?? [])];
    const bare = bareTable(
      name,
      names.map((column) => ({ name: column, type: "text" })),
      `SELECT * FROM ${name}`,
    );
    return { bare, rows: () => reader.plain(name, wholeTable) };
  });
  return {
    format: "text",
    moves,
    close: async () => {
      await reader.close();
      await snapshot.close();
      await opened.close();
    },
  };
}

const isEngine = (word: string | undefined): word is Engine => word !== undefined && word in systems;

const [engine, what] = process.argv.slice(2);
if (!isEngine(engine)) throw new Error(`There is no engine "${String(engine)}".`);
const plan = plans.get(systems[engine]);
if (plan === undefined) throw new Error(`There is no plan for ${systems[engine]}.`);
const { format, moves, close } = engine === "postgresql" ? await fromPostgres(plan) : await fromOther(plan, engine);
if (what === "tables") process.stdout.write(JSON.stringify(moves.map(({ bare }) => bare)));
else {
  const client = new pg.Client(target);
  await client.connect();
  for (const { bare, rows } of moves)
    await pipeline(rows(), client.query(copyFrom(`COPY ${bare.into} FROM STDIN (FORMAT ${format})`)));
  await client.end();
}
await close();
