import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { ConnectionOptions } from "node:tls";
import type { SourceAddress } from "@landfall/migration/sources/address";
import type { MariaDBConfig } from "@landfall/migration/sources/mariadb/config";
import type pg from "pg";
import { takeApart, withoutPassword, type AddressParts } from "./address-parts.ts";

/** A database that a URL names, ready to be opened; `shown` is the URL without its password. */
export type Address = { readonly shown: string } & SourceAddress;

export interface AddressContext {
  /** The folder that relative paths begin at. */
  readonly directory: string;
  /** The password for a URL that has none. */
  readonly password: string | undefined;
  /** The same, for PostgreSQL's servers alone. */
  readonly postgresPassword?: string | undefined;
}

export const addressForms = "postgresql://USER@HOST:PORT/DATABASE, mysql://USER@HOST:PORT/DATABASE or sqlite:PATH";

/** Reads a database URL. Throws an Error whose message says what was given, without any password, and what is allowed. */
export function readAddress(text: string, context: AddressContext): Address {
  const shown = withoutPassword(text);
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  try {
    switch (scheme) {
      case "postgresql":
      case "postgres":
        return { kind: "postgresql", shown, config: postgres(takeApart(text), context) };
      case "mysql":
      case "mariadb":
        return { kind: "mariadb", shown, config: mariadb(takeApart(text), context) };
      case "sqlite":
        return { kind: "sqlite", ...sqlite(text, context) };
      case undefined:
        throw new Error(`has no scheme; allowed are ${addressForms}`);
      default:
        throw new Error(`has the unknown scheme ${scheme}; allowed are ${addressForms}`);
    }
  } catch (error) {
    throw new Error(`"${shown}" ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function postgres(parts: AddressParts, context: AddressContext): pg.ClientConfig {
  if (parts.database === undefined) throw new Error("names no database");
  const known = ["host", "port", "user", "password", "sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout"];
  refuseUnknown(parts, [...known, "application_name"]);
  const parameter = (name: string): string | undefined => parts.parameters.get(name);
  const user = parts.user ?? parameter("user");
  const password = parts.password ?? parameter("password") ?? context.password ?? context.postgresPassword;
  const ssl = postgresTls(parts.parameters, context);
  const timeout = Number(parameter("connect_timeout") ?? 0);
  return {
    host: parts.host ?? parameter("host") ?? "localhost",
    port: parts.port ?? Number(parameter("port") ?? 5432),
    database: parts.database,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(ssl === undefined ? {} : { ssl }),
    ...(timeout > 0 ? { connectionTimeoutMillis: timeout * 1000 } : {}),
  };
}

/** TLS as libpq has it: `require` encrypts, `verify-ca` proves who signed the certificate, `verify-full` the name, too. */
function postgresTls(parameters: ReadonlyMap<string, string>, context: AddressContext): ConnectionOptions | undefined {
  const [mode, authority] = [parameters.get("sslmode"), parameters.get("sslrootcert")];
  const plain = [undefined, "disable", "allow", "prefer"];
  const modes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];
  if (mode !== undefined && !modes.includes(mode))
    throw new Error(`has an sslmode that is none of ${modes.join(", ")}`);
  if (plain.includes(mode)) return undefined;
  const file = (name: string): Buffer | undefined => {
    const path = parameters.get(name);
    return path === undefined ? undefined : read(name, path, context);
  };
  const [cert, key] = [file("sslcert"), file("sslkey")];
  const ca = authority === undefined || authority === "system" ? undefined : read("sslrootcert", authority, context);
  return {
    ...(ca === undefined ? {} : { ca: ca.toString() }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    rejectUnauthorized: mode !== "require" || ca !== undefined,
    ...(mode === "verify-full" ? {} : { checkServerIdentity: () => undefined }),
  };
}

function mariadb(parts: AddressParts, context: AddressContext): MariaDBConfig {
  if (parts.database === undefined) throw new Error("names no database");
  if (parts.user === undefined) throw new Error("names no user");
  refuseUnknown(parts, ["socket", "ssl", "ssl-ca"]);
  const [socketPath, ssl, authority] = ["socket", "ssl", "ssl-ca"].map((name) => parts.parameters.get(name));
  if (ssl !== undefined && ssl !== "on" && ssl !== "off") throw new Error("has an ssl that is neither on nor off");
  const ca = authority === undefined ? undefined : read("ssl-ca", authority, context).toString();
  const password = parts.password ?? context.password;
  return {
    host: parts.host ?? "localhost",
    port: parts.port ?? 3306,
    user: parts.user,
    database: parts.database,
    ...(password === undefined ? {} : { password }),
    ...(socketPath === undefined ? {} : { socketPath }),
    ...(ssl === "on" || ca !== undefined ? { ssl: ca === undefined ? {} : { ca } } : {}),
  };
}

function sqlite(text: string, { directory }: AddressContext): { path: string; shown: string } {
  const given = text.slice("sqlite:".length).replace(/^\/\//, "");
  if (given === "") throw new Error("names no file");
  const path = resolve(directory, given);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new Error(`leads to ${path}, and there is no such file`);
  if (!found.isFile()) throw new Error(`leads to ${path}, which is no file`);
  return { path, shown: `sqlite:${path}` };
}

function refuseUnknown({ parameters }: AddressParts, known: readonly string[]): void {
  const unknown = [...parameters.keys()].filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`has unknown parameters: ${unknown.join(", ")}; allowed are ${known.join(", ")}`);
}

function read(name: string, path: string, { directory }: AddressContext): Buffer {
  try {
    return readFileSync(resolve(directory, path));
  } catch (error) {
    throw new Error(`has a ${name} that cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
