import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { migrateSchema } from "@landfall/app/schema/migrate";
import type pg from "pg";
import { createDatabase, type TestDatabase } from "../../test/services/services.ts";
import { restoreRollbackPoint, type RestoreReport, type Restoring } from "../rollback/restore.ts";
import { take, type Taking } from "../rollback/take.ts";
import type { Manifest } from "../rollback/manifest.ts";
import { ask } from "./landing.ts";
import { discard } from "./legacy.ts";
import { postgresClient } from "./postgres-client.ts";

/** A target and a folder for rollback points. */
export class RollbackGround {
  readonly folder: string;
  readonly target: TestDatabase;

  private constructor(folder: string, target: TestDatabase) {
    this.folder = folder;
    this.target = target;
  }

  /** With pg_dump and pg_restore of the server's version first on the PATH. */
  static async open(): Promise<RollbackGround> {
    const programs = await postgresClient();
    if (!(process.env["PATH"] ?? "").startsWith(programs))
      process.env["PATH"] = `${programs}${delimiter}${process.env["PATH"] ?? ""}`;
    return new RollbackGround(await mkdtemp(join(tmpdir(), "landfall-rollback-")), await createDatabase());
  }

  async close(): Promise<void> {
    await discard(this.target);
    await rm(this.folder, { recursive: true });
  }

  get points(): string {
    return join(this.folder, "points");
  }

  get config(): pg.ClientConfig {
    const { host, port, user, password, database } = this.target;
    return { host, port, user, password, database };
  }

  ask<Row extends pg.QueryResultRow>(query: string): Promise<Row[]> {
    return ask<Row>(this.target, query);
  }

  async take(of: Partial<Taking> = {}): Promise<Manifest> {
    return (await take({ target: this.config, system: "dirfinal", directory: this.points, ...of })).manifest;
  }

  restore(name: string, of: Partial<Restoring> = {}): Promise<RestoreReport> {
    return restoreRollbackPoint({ target: this.config, directory: this.points, name, ...of });
  }

  async migrate(target?: string): Promise<void> {
    await migrateSchema(this.config, { direction: "up", ...(target === undefined ? {} : { target }) });
  }

  /** The schema, and rows of all kinds in it: text that breaks naive copying, JSON, times, sequences that have moved. */
  async fill(): Promise<void> {
    await this.ask(`
      ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO landfall_app;
      ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO landfall_app;
      ALTER DEFAULT PRIVILEGES GRANT USAGE, SELECT ON SEQUENCES TO landfall_app;
      SELECT 1`);
    await this.migrate();
    await this.ask(`
      GRANT TRUNCATE ON accounts.users TO landfall_app; GRANT CREATE ON SCHEMA accounts TO landfall_app;
      INSERT INTO accounts.users (username, email, first_name, last_name, password, is_active, is_staff, is_superuser, joined_at)
      SELECT E'user \\\\N \\\\. ' || n || E'\\t\\n\\\\.\\n', 'é🔑"''@example.org', '', E'\\\\', 'argon2$hash', n % 2 = 0, false, false,
        '2024-02-29 23:59:59.123456+00'::timestamptz + n * interval '1 second'
      FROM generate_series(1, 3000) n;
      INSERT INTO media.files (owner_id, legacy_path, size) SELECT id, 'path', 9007199254740993 FROM accounts.users LIMIT 100;
      INSERT INTO learning.courses (title, slug, description, status, settings, instructor_id, created_at)
      SELECT 'Kurs ' || id, 'kurs', 'Beschreibung', 'draft', '{"a": [1, null, "\\u00e9"]}', id, now() FROM accounts.users LIMIT 10;
      CREATE SCHEMA stage_dirfinal; CREATE UNLOGGED TABLE stage_dirfinal.copy (a text); INSERT INTO stage_dirfinal.copy VALUES (E'a\\tb'), (NULL);
      SELECT 1`);
  }

  /** Everything that makes up the database, as lines. */
  async describe(): Promise<string[]> {
    const rows = await this.ask<{ line: string }>(`
      WITH own AS (SELECT oid, nspname, nspacl FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)')
      SELECT format('schema %s %s', nspname, nspacl) AS line FROM own
      UNION ALL SELECT format('column %s.%s.%s %s %s %s %s', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
        a.attnotnull, a.attidentity, pg_get_expr(d.adbin, d.adrelid)) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        JOIN own n ON n.oid = c.relnamespace LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'v', 'S')
      UNION ALL SELECT format('relation %s.%s %s', n.nspname, c.relname, c.relacl) FROM pg_class c JOIN own n ON n.oid = c.relnamespace
      UNION ALL SELECT format('constraint %s %s %s', n.nspname, k.conname, pg_get_constraintdef(k.oid)) FROM pg_constraint k JOIN own n ON n.oid = k.connamespace
      UNION ALL SELECT format('index %s', indexdef) FROM pg_indexes JOIN own ON nspname = schemaname
      UNION ALL SELECT format('function %s.%s', n.nspname, p.proname) FROM pg_proc p JOIN own n ON n.oid = p.pronamespace
      UNION ALL SELECT format('trigger %s %s', g.tgrelid::regclass, g.tgname) FROM pg_trigger g WHERE NOT g.tgisinternal
      UNION ALL SELECT format('extension %s', extname) FROM pg_extension ORDER BY line`);
    return rows.map(({ line }) => line);
  }
}
