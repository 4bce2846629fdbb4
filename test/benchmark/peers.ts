import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BareTable } from "./extract.ts";
import { home, mariadb, source, sqlitePath, target, type Engine } from "./ground.ts";
import { ask, must } from "./servers.ts";
import { timed, type Taken } from "./timed.ts";

/** Somebody who moves the data, each time into a fresh target. */
export interface Contender {
  readonly name: string;
  /** What is not measured. */
  readonly prepare?: () => Promise<void>;
  readonly run: () => Promise<Taken>;
}

/** What they are called in the table. */
export const names = {
  extract: "Landfall, extract alone",
  pipe: {
    postgresql: "psql COPY to psql COPY, binary",
    mariadb: "mariadb --batch to psql COPY",
    sqlite: "sqlite3 -csv to psql COPY",
  },
  dump: "pg_dump -j2, pg_restore -j2",
  pgcopydb: "pgcopydb clone",
  pgloader: "pgloader",
  pgloaderExtract: "pgloader, the same tables",
  landing: "Landfall, whole landing",
} as const;

const postgresUrl = ({ host, port, user, database }: typeof source | typeof target): string =>
  `postgresql://${user}@${host}:${port.toString()}/${database}`;

const psql = (of: typeof source | typeof target, statement: string): string =>
  `psql --no-psqlrc --quiet '${postgresUrl(of)}' --command ${quoted(statement)}`;

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** What Landfall's readers alone read, and the bare tables that it goes into. */
export const extractedTables = (engine: Engine): BareTable[] =>
  JSON.parse(must("node", ["/srv/benchmark/extract.mjs", engine, "tables"])) as BareTable[];

const createBare = (tables: readonly BareTable[]) => async (): Promise<void> => {
  for (const { create } of tables) await ask(target, create);
};

/** Landfall's readers, and what a shell does with the same tables. */
export function extracts(engine: Engine, tables: readonly BareTable[]): Contender[] {
  const prepare = createBare(tables);
  const landfall: Contender = {
    name: names.extract,
    prepare,
    run: () => timed(`exec node /srv/benchmark/extract.mjs ${engine}`),
  };
  const pipes = tables.map((table) => pipe(engine, table)).join("\n");
  return [
    landfall,
    { name: names.pipe[engine], prepare, run: () => timed(pipes, { MYSQL_PWD: mariadb.password ?? "" }) },
    ...(engine === "postgresql" ? [] : [pgloader(engine, tables)]),
  ];
}

function pipe(engine: Engine, { into, select, table }: BareTable): string {
  switch (engine) {
    case "postgresql":
      return `${psql(source, `COPY (${select}) TO STDOUT (FORMAT binary)`)} | ${psql(target, `COPY ${into} FROM STDIN (FORMAT binary)`)}`;
    case "mariadb": {
      const { host, port, user, database } = mariadb;
      const client = `mariadb --no-defaults --host=${host} --port=${port.toString()} --user=${user} --default-character-set=utf8mb4 --skip-ssl --quick --batch --skip-column-names ${database}`;
      // NULL and the text NULL look the same in what the client prints: the reason why nobody should move data so.
      const returns = "sed 's/\\r/\\\\r/g'";
      return `${client} --execute ${quoted(`SELECT * FROM \`${table}\``)} | ${returns} | ${psql(target, `COPY ${into} FROM STDIN WITH (NULL 'NULL')`)}`;
    }
    case "sqlite":
      return `sqlite3 -csv ${sqlitePath} ${quoted(`SELECT * FROM "${table}"`)} | ${psql(target, `COPY ${into} FROM STDIN (FORMAT csv)`)}`;
  }
}

const pgloaderSource = (engine: Engine): string => {
  const { user, password = "", host, port, database } = mariadb;
  if (engine === "mariadb") return `mysql://${user}:${password}@${host}:${port.toString()}/${database}`;
  return engine === "sqlite" ? `sqlite://${sqlitePath}` : postgresUrl(source);
};

/**
 * pgloader, tuned as its documentation advises; without the prefetch it runs out of its heap.
 *
 * @param only the tables that it moves, without their indexes; the whole database when there are none
 */
function pgloader(engine: Engine, only: readonly BareTable[] = []): Contender {
  const isWhole = only.length === 0;
  const indexes = isWhole ? "create indexes, reset sequences" : "create no indexes, reset no sequences";
  const settings = `include drop, create tables, ${indexes}, workers = 2, concurrency = 1, prefetch rows = 10000`;
  const script = `LOAD DATABASE FROM ${pgloaderSource(engine)} INTO ${postgresUrl(target)}
WITH ${settings}${isWhole ? "" : `\n${including(engine, only)}`};\n`;
  const file = join(home, isWhole ? `${engine}.load` : `${engine}-extract.load`);
  return {
    name: isWhole ? names.pgloader : names.pgloaderExtract,
    prepare: () => {
      writeFileSync(file, script);
      return Promise.resolve();
    },
    // One that has run out of its heap waits for a debugger for ever.
    run: () => timed(`timeout --kill-after=5 240 pgloader --quiet --root-dir ${join(home, "pgloader")} ${file}`),
  };
}

/** The clause of pgloader's own language that names tables; it has another word for each engine. */
function including(engine: Engine, tables: readonly BareTable[]): string {
  const list = tables.map(({ table }) => `'${table}'`).join(", ");
  return `INCLUDING ONLY TABLE NAMES ${engine === "sqlite" ? "LIKE" : "MATCHING"} ${list}`;
}

/** Everybody who moves a whole database, with its keys and indexes. */
export function peers(engine: Engine): Contender[] {
  if (engine !== "postgresql") return [pgloader(engine)];
  const [dump, work] = [join(home, "dump"), join(home, "pgcopydb")];
  return [
    {
      name: names.dump,
      run: () =>
        timed(`rm -rf ${dump}
pg_dump -Fd -Z0 -j2 --no-owner --no-privileges -f ${dump} '${postgresUrl(source)}'
pg_restore -j2 --no-owner --no-privileges --exit-on-error -d '${postgresUrl(target)}' ${dump}
rm -rf ${dump}`),
    },
    {
      name: names.pgcopydb,
      run: () =>
        timed(
          `rm -rf ${work}; pgcopydb clone --source '${postgresUrl(source)}' --target '${postgresUrl(target)}' --table-jobs 2 --index-jobs 2 --dir ${work} --no-owner --no-acl --skip-large-objects`,
        ),
    },
    pgloader(engine),
  ];
}
