import { existsSync, readFileSync } from "node:fs";
import type pg from "pg";
import { z } from "zod";
import { Refusal } from "./engine/outcome.ts";
import { readStoreAddress, type StoreAddress } from "./files/store-address.ts";
import { plans } from "./plans/plans.ts";
import { unobserved, type ProgressObserver } from "./progress/progress.ts";
import type { SourceAddress } from "./sources/address.ts";

export interface Settings {
  readonly systems: readonly string[];
  readonly target: pg.ClientConfig;
  readonly sources: ReadonlyMap<string, SourceAddress>;
  readonly workers: number;
  readonly chunkRows: number;
  readonly reportPath: string;
  /** Where dumps of the target go before a move; empty takes none. */
  readonly rollbackDirectory: string;
  readonly release: string;
  /** Legacy tables and columns that the plan does not know and that may stay behind. */
  readonly ignored: ReadonlySet<string>;
  /** Systems that are moved again although they have landed; what they landed is taken away first. */
  readonly again: ReadonlySet<string>;
  /**
   * What a source that has other rows than the run that landed it is to a system that has landed: a failure, or only worth
   * a warning (as is one that cannot be read any more), because the legacy system may live on, or be gone.
   */
  readonly changedSource: "fail" | "warn";
  /** How rows are compared: by the servers' own hashes where both hash alike, or always by their canonical text. */
  readonly hashes: "auto" | "text";
  readonly logLevel: string;
  /** Folders with the files of legacy systems; those of the others stay where they are. */
  readonly media: ReadonlyMap<string, string>;
  /** Where files go. */
  readonly store: StoreAddress | undefined;
  /** Who is told how far it is. */
  readonly observer: ProgressObserver;
}

type Environment = Readonly<Record<string, string | undefined>>;

const list = z
  .string()
  .default("")
  .transform((text) =>
    text
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  );

const general = z.object({
  MIGRATION_SYSTEMS: list,
  MIGRATION_WORKERS: z.coerce.number().int().min(1).max(64).default(2),
  MIGRATION_CHUNK_ROWS: z.coerce.number().int().min(1).max(10_000_000).default(50_000),
  MIGRATION_IGNORE: list,
  MIGRATION_AGAIN: list,
  MIGRATION_HASHES: z.enum(["auto", "text"]).default("auto"),
  REPORT_PATH: z.string().min(1).default("/var/lib/landfall/reports/report.json"),
  ROLLBACK_DIRECTORY: z.string().default("/var/lib/landfall/rollback"),
  RELEASE: z.string().default("unknown"),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
});

/** Reads the settings from the environment and the secret files. Throws a Refusal with every fault at once. */
export function readSettings(
  environment: Environment,
  readSecret: (path: string) => string = readSecretFile,
): Settings {
  const faults: string[] = [];
  const parsed = general.safeParse(environment);
  for (const issue of parsed.error?.issues ?? []) {
    const name = issue.path.join(".");
    faults.push(`${name}: ${issue.message}; it is "${environment[name] ?? ""}"`);
  }
  const values = parsed.data ?? general.parse({});
  const systems = list.parse(environment["MIGRATION_SYSTEMS"]);
  if (environment["MIGRATION_SYSTEMS"] === undefined) {
    const known = [...plans.keys()].join(", ");
    faults.push(`MIGRATION_SYSTEMS: is missing; name some of ${known}, or leave it empty where none is to land`);
  }
  for (const system of [...systems, ...list.parse(environment["MIGRATION_AGAIN"])]) {
    if (!plans.has(system))
      faults.push(`MIGRATION_SYSTEMS: there is no plan for "${system}"; there are ${[...plans.keys()].join(", ")}`);
  }
  const database = { environment, readSecret, faults };
  const target = readDatabase("DB", database);
  const sources = new Map(systems.map((system) => [system, readSource(system, database)]));
  const media = new Map(
    systems.flatMap((system) => {
      const folder = environment[`SOURCE_${system.toUpperCase()}_MEDIA`] ?? "";
      return folder === "" ? [] : [[system, folder] as const];
    }),
  );
  const store = readStore(media, database);
  if (faults.length > 0) throw new Refusal("The settings are not usable", [...new Set(faults)]);
  return {
    systems,
    target,
    sources,
    workers: values.MIGRATION_WORKERS,
    chunkRows: values.MIGRATION_CHUNK_ROWS,
    reportPath: values.REPORT_PATH,
    rollbackDirectory: values.ROLLBACK_DIRECTORY,
    release: values.RELEASE,
    ignored: new Set(values.MIGRATION_IGNORE),
    again: new Set(values.MIGRATION_AGAIN),
    changedSource: "warn",
    hashes: values.MIGRATION_HASHES,
    logLevel: values.LOG_LEVEL,
    media,
    store,
    observer: unobserved,
  };
}

interface DatabaseSettings {
  readonly environment: Environment;
  readonly readSecret: (path: string) => string;
  readonly faults: string[];
}

/** The secret in the file that a variable names; undefined without one, and where it cannot be read, which is a fault. */
function secretIn(name: string, { environment, readSecret, faults }: DatabaseSettings): string | undefined {
  const path = environment[name] ?? "";
  if (path === "") return undefined;
  try {
    return readSecret(path);
  } catch (error) {
    faults.push(`${name}: ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** The store that files go to: `MEDIA_STORE`; its key is in the files of `MEDIA_ACCESS_KEY_FILE` and `MEDIA_SECRET_KEY_FILE`. */
function readStore(media: ReadonlyMap<string, string>, of: DatabaseSettings): StoreAddress | undefined {
  const text = of.environment["MEDIA_STORE"] ?? "";
  if (text === "") {
    if (media.size > 0)
      of.faults.push("MEDIA_STORE: is missing; it says where files go, for example file:/var/lib/landfall/media");
    return undefined;
  }
  const key = (name: string): string | undefined => secretIn(name, of);
  const address = readStoreAddress(text, {
    environment: {
      LANDFALL_STORE_ACCESS_KEY: key("MEDIA_ACCESS_KEY_FILE"),
      LANDFALL_STORE_SECRET_KEY: key("MEDIA_SECRET_KEY_FILE"),
    },
  });
  if (!("faults" in address)) return address;
  of.faults.push(...address.faults.map((fault) => `MEDIA_STORE: ${fault}`));
  return undefined;
}

/** A legacy database, of the engine that its plan names: a server as below, or for SQLite the path of its file in `_PATH`. */
function readSource(system: string, of: DatabaseSettings): SourceAddress {
  const prefix = `SOURCE_${system.toUpperCase()}`;
  const engine = plans.get(system)?.engine ?? "postgresql";
  if (engine === "postgresql") return { kind: engine, config: readDatabase(prefix, of) };
  if (engine === "mariadb") {
    const { host, port, database, user, password, ssl } = readServer(prefix, of, 3306);
    return {
      kind: engine,
      config: {
        host,
        port,
        database,
        user,
        ...(password === undefined ? {} : { password }),
        ...(ssl === undefined ? {} : { ssl: { ca: ssl.ca } }),
      },
    };
  }
  const path = of.environment[`${prefix}_PATH`] ?? "";
  if (path === "") of.faults.push(`${prefix}_PATH: is missing; it is the path of the database's file`);
  return { kind: engine, path };
}

const readDatabase = (prefix: string, of: DatabaseSettings): pg.ClientConfig => readServer(prefix, of, 5432);

interface ServerSettings {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password?: string;
  readonly ssl?: { readonly ca: string; readonly rejectUnauthorized: true };
}

/** One database: `PREFIX_HOST`, `_PORT`, `_NAME`, `_USER`, `_PASSWORD_FILE`, and `_CA_FILE` for TLS that is verified in full. */
function readServer(prefix: string, of: DatabaseSettings, usualPort: number): ServerSettings {
  const value = (name: string): string => of.environment[`${prefix}_${name}`] ?? "";
  const secret = (name: string): string | undefined => secretIn(`${prefix}_${name}`, of);
  for (const name of ["HOST", "NAME", "USER"]) if (value(name) === "") of.faults.push(`${prefix}_${name}: is missing`);
  if (value("PASSWORD_FILE") === "")
    of.faults.push(`${prefix}_PASSWORD_FILE: is missing; it is the path of a file with the password`);
  const port = Number(value("PORT") === "" ? usualPort : value("PORT"));
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    of.faults.push(`${prefix}_PORT: must be a port, is "${value("PORT")}"`);
  const [password, authority] = [secret("PASSWORD_FILE"), secret("CA_FILE")];
  return {
    host: value("HOST"),
    port,
    database: value("NAME"),
    user: value("USER"),
    ...(password === undefined ? {} : { password }),
    ...(authority === undefined ? {} : { ssl: { ca: authority, rejectUnauthorized: true } }),
  };
}

function readSecretFile(path: string): string {
  if (!existsSync(path)) throw new Error("there is no such file");
  return readFileSync(path, "utf8").replace(/\r?\n$/, "");
}
