import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { gunzipSync } from "node:zlib";
import mysql, { type RowDataPacket } from "mysql2/promise";
import pg from "pg";
import { mariadb, samples, source, sqlitePath } from "./ground.ts";
import { dirfinal, grow, learnmore, unpuzzle } from "./replicas.ts";
import { must } from "./servers.ts";

const sample = (path: string): Buffer => gunzipSync(readFileSync(join(samples, path)));

/** Makes the large LearnMore: data first, keys and indexes after them, as a restore does. */
export async function growPostgres(rows: number): Promise<void> {
  const dump = sample("learnmore/dump.sql.gz")
    .toString()
    .replaceAll(/^\\(un)?restrict .*$/gm, "");
  const constraints = dump.indexOf("\n--", dump.search(/\nALTER TABLE ONLY .*\n\s+ADD CONSTRAINT/) - 200);
  const words = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"];
  const address = [`--host=${source.host}`, `--port=${source.port.toString()}`, `--username=${source.user}`];
  must("createdb", [...address, source.database]);
  must("psql", [...words, ...address, `--dbname=${source.database}`], dump.slice(0, constraints));
  const client = new pg.Client(source);
  await client.connect();
  try {
    await client.query("SET search_path = public");
    await grow(learnmore, rows, {
      quote: (name) => `"${name}"`,
      series: (end) => `generate_series(1, ${end.toString()}) s (n)`,
      columns: async (table) =>
        (
          await client.query<{ name: string }>(
            "SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            [`"${table}"`],
          )
        ).rows.map(({ name }) => name),
      row: async (query) => (await client.query<Record<string, unknown>>(query)).rows[0] ?? {},
      run: async (statement) => {
        await client.query(statement);
      },
    });
    must("psql", [...words, ...address, `--dbname=${source.database}`], dump.slice(constraints));
    await client.query("VACUUM (ANALYZE, FREEZE)");
  } finally {
    await client.end();
  }
}

/** Makes the large Unpuzzle. */
export async function growMariaDB(rows: number): Promise<void> {
  const { host, port, user, password = "", database } = mariadb;
  const words = ["--no-defaults", `--host=${host}`, `--port=${String(port)}`, `--user=${user}`];
  process.env["MYSQL_PWD"] = password;
  must("mariadb", [...words, "--default-character-set=utf8mb4", database], sample("unpuzzle/dump.sql.gz").toString());
  delete process.env["MYSQL_PWD"];
  const connection = await mysql.createConnection({ host, port, user, password, database });
  try {
    await connection.query("SET NAMES utf8mb4, foreign_key_checks = 0, unique_checks = 0, sql_mode = ''");
    await grow(unpuzzle, rows, {
      quote: (name) => `\`${name}\``,
      series: (end) => `(SELECT seq AS n FROM seq_1_to_${end.toString()}) s`,
      columns: async (table) =>
        (await connection.query<RowDataPacket[]>(`SHOW COLUMNS FROM \`${table}\``))[0].map((row) =>
          String(row["Field"]),
        ),
      row: async (query) => (await connection.query<RowDataPacket[]>(query))[0][0] ?? {},
      run: async (statement) => {
        await connection.query(statement);
      },
    });
    const [tables] = await connection.query<RowDataPacket[]>("SHOW TABLES");
    for (const row of tables) await connection.query(`ANALYZE TABLE \`${String(Object.values(row)[0])}\``);
  } finally {
    await connection.end();
  }
}

/** Makes the large directory. */
export async function growSQLite(rows: number): Promise<void> {
  rmSync(sqlitePath, { force: true });
  writeFileSync(sqlitePath, sample("dirfinal/directory.db.gz"));
  const database = new DatabaseSync(sqlitePath, { enableForeignKeyConstraints: false });
  try {
    database.exec("PRAGMA synchronous = off; PRAGMA journal_mode = off");
    await grow(dirfinal, rows, {
      quote: (name) => `"${name}"`,
      series: (end) =>
        `(WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ${end.toString()}) SELECT n FROM c) s`,
      columns: (table) =>
        Promise.resolve(
          database
            .prepare(`PRAGMA table_info("${table}")`)
            .all()
            .map(({ name }) => String(name)),
        ),
      row: (query) => Promise.resolve(database.prepare(query).get() ?? {}),
      run: (statement) => {
        database.exec(statement);
        return Promise.resolve();
      },
    });
    database.exec("ANALYZE");
  } finally {
    database.close();
  }
}
