import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import mysql from "mysql2/promise";
import pg from "pg";
import { loadDump } from "../test/legacy.ts";
import { DrillServer } from "./server.ts";
import { dumpOf, unpackFiles, unpackSQLite, type DrilledSystem } from "./systems.ts";

const owner = "landfall_owner";
/** Milliseconds that a server may take to accept a connection, when it runs. */
const connectPatience = 5000;

/** A target of one landing. */
export interface DrillTarget {
  readonly config: pg.ClientConfig;
  readonly store: string;
  /** All that the command is told, so that it lands the system there. */
  readonly environment: Readonly<Record<string, string>>;
  drop(): Promise<void>;
}

/** The legacy server of one system with its sample, a target server, and a folder for all that is not in a database. */
export class DrillGround {
  readonly system: DrilledSystem;
  readonly source: DrillServer | undefined;
  readonly target: DrillServer;
  readonly #folder: string;
  readonly #password: string;
  readonly #settings: Readonly<Record<string, string>>;
  #targets = 0;

  private constructor(
    system: DrilledSystem,
    of: {
      source: DrillServer | undefined;
      target: DrillServer;
      folder: string;
      password: string;
      settings: Readonly<Record<string, string>>;
    },
  ) {
    this.system = system;
    this.source = of.source;
    this.target = of.target;
    this.#folder = of.folder;
    this.#password = of.password;
    this.#settings = of.settings;
  }

  /** Starts the servers and loads the sample, enlarged. */
  static async open(system: DrilledSystem): Promise<DrillGround> {
    const folder = mkdtempSync(join(tmpdir(), "landfall-kill-drill-"));
    const password = randomBytes(24).toString("base64url");
    const servers: DrillServer[] = [];
    const close = async (): Promise<void> => {
      await Promise.all(servers.map((server) => server.remove()));
      rmSync(folder, { recursive: true, force: true });
    };
    try {
      const target = await openPostgres(password);
      servers.push(target);
      const source = await openSource(system, password);
      if (source !== undefined) servers.push(source);
      await Promise.all(servers.map((server) => server.revived()));
      writeFileSync(join(folder, "password"), `${password}\n`, { mode: 0o600 });
      await mayCreate(target);
      if (source !== undefined) await load(system, { source, password });
      const settings = settingsOf(system, { folder, port: source?.port });
      return new DrillGround(system, { source, target, folder, password, settings });
    } catch (error) {
      await close();
      throw error;
    }
  }

  /** An empty database on the target server, and an empty store. */
  async fresh(chunkRows: number): Promise<DrillTarget> {
    const name = `landing_${(++this.#targets).toString()}`;
    const config = { ...addressOf(this.target.port, this.#password), database: name };
    await this.#onTarget(`CREATE DATABASE ${name}`);
    const store = join(this.#folder, name);
    const environment = {
      ...this.#settings,
      DB_HOST: "127.0.0.1",
      DB_PORT: this.target.port.toString(),
      DB_NAME: name,
      DB_USER: owner,
      DB_PASSWORD_FILE: join(this.#folder, "password"),
      MEDIA_STORE: `file:${store}`,
      MIGRATION_SYSTEMS: this.system.plan.system,
      MIGRATION_CHUNK_ROWS: chunkRows.toString(),
      REPORT_PATH: join(this.#folder, `${name}.json`),
      ROLLBACK_DIRECTORY: "",
      RELEASE: "drill",
    };
    const drop = async (): Promise<void> => {
      await this.#onTarget(`DROP DATABASE ${name} WITH (FORCE)`);
      rmSync(store, { recursive: true, force: true });
    };
    return { config, store, environment, drop };
  }

  async #onTarget(statement: string): Promise<void> {
    await ask(addressOf(this.target.port, this.#password), statement);
  }

  /** Removes the servers and the folder. */
  async close(): Promise<void> {
    await Promise.all([this.source?.remove(), this.target.remove()]);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const addressOf = (port: number, password: string): pg.ClientConfig & { database: string } => ({
  host: "127.0.0.1",
  port,
  user: owner,
  password,
  database: "landfall",
  connectionTimeoutMillis: connectPatience,
});

async function ask(config: pg.ClientConfig, statement: string): Promise<void> {
  const client = new pg.Client(config);
  // What breaks a connection while nothing is asked of it is told by the next question.
  client.on("error", () => undefined);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function openPostgres(password: string): Promise<DrillServer> {
  return DrillServer.open({
    image: "postgres",
    port: 5432,
    user: 999,
    password,
    environment: {
      POSTGRES_DATABASE: "landfall",
      POSTGRES_OWNER: owner,
      POSTGRES_OWNER_PASSWORD_FILE: "/run/secrets/owner",
    },
    // A killed process leaves to the kernel what it has written; only a power cut would need more.
    command: ["-c", "fsync=off", "-c", "max_connections=60"],
    asks: (port) => ask(addressOf(port, password), "SELECT 1"),
  });
}

async function openSource(system: DrilledSystem, password: string): Promise<DrillServer | undefined> {
  switch (system.plan.engine) {
    case "postgresql":
      return openPostgres(password);
    case "mariadb":
      return DrillServer.open({
        image: "mariadb",
        port: 3306,
        user: 995,
        password,
        environment: {
          MARIADB_DATABASE: "landfall",
          MARIADB_OWNER: owner,
          MARIADB_OWNER_PASSWORD_FILE: "/run/secrets/owner",
        },
        command: ["--innodb-flush-log-at-trx-commit=2"],
        asks: (port) => askMariaDB({ port, password }, "SELECT 1"),
      });
    case "sqlite":
      return undefined;
  }
}

async function askMariaDB(of: { port: number; password: string }, statements: string): Promise<void> {
  const connection = await mysql.createConnection({
    ...of,
    host: "127.0.0.1",
    user: owner,
    database: "landfall",
    charset: "utf8mb4",
    multipleStatements: true,
    connectTimeout: connectPatience,
  });
  try {
    await connection.query(statements);
  } finally {
    await connection.end();
  }
}

// Each landing has a database of its own.
const mayCreate = (target: DrillServer): Promise<void> =>
  target.execute(["psql", "-h", "/run/postgresql", "-d", "postgres", "-c", `ALTER ROLE ${owner} CREATEDB`]);

async function load(system: DrilledSystem, of: { source: DrillServer; password: string }): Promise<void> {
  const { port } = of.source;
  if (system.plan.engine === "mariadb") {
    const dump = gunzipSync(await readFile(dumpOf(system))).toString("utf8");
    await askMariaDB({ port, password: of.password }, dump);
    await askMariaDB({ port, password: of.password }, system.enlarge);
  } else {
    await loadDump(addressOf(port, of.password), dumpOf(system));
    await ask(addressOf(port, of.password), system.enlarge);
  }
}

function settingsOf(system: DrilledSystem, of: { folder: string; port: number | undefined }): Record<string, string> {
  const prefix = `SOURCE_${system.plan.system.toUpperCase()}`;
  const media = unpackFiles(system, of.folder);
  const files = media === undefined ? {} : { [`${prefix}_MEDIA`]: media };
  if (of.port === undefined) return { ...files, [`${prefix}_PATH`]: unpackSQLite(system, of.folder) };
  return {
    ...files,
    [`${prefix}_HOST`]: "127.0.0.1",
    [`${prefix}_PORT`]: of.port.toString(),
    [`${prefix}_NAME`]: "landfall",
    [`${prefix}_USER`]: owner,
    [`${prefix}_PASSWORD_FILE`]: join(of.folder, "password"),
  };
}
