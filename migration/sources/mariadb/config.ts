import { readFileSync } from "node:fs";

/** Where a MariaDB database is, and how to open it. */
export interface MariaDBConfig {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password?: string;
  readonly database: string;
  /** What the server is to the one who connects, for messages. */
  readonly what?: string;
  /** Path of the server's socket, used in place of host and port. */
  readonly socketPath?: string;
  /** With it the connection is encrypted, and the server's certificate and name are checked. */
  readonly ssl?: { readonly ca?: string };
}

const parameters = ["socket", "ssl", "ssl-ca"] as const;

/**
 * The configuration that a URL stands for: `mysql://user:password@host:port/database` or `mariadb://…`.
 * Parameters: `socket` is the path of the server's socket; `ssl=on` asks for an encrypted connection to a server whose
 * certificate is checked, by the authority in the file `ssl-ca` if that is given.
 *
 * @throws an error that says what is wrong with the URL, and never has the password in it
 */
export function mariadbConfig(url: URL): MariaDBConfig {
  if (url.protocol !== "mysql:" && url.protocol !== "mariadb:") {
    throw new Error(`A MariaDB source is given as mysql:// or mariadb://, not ${url.protocol}//.`);
  }
  const unknown = [...url.searchParams.keys()].filter((name) => !parameters.some((known) => known === name));
  if (unknown.length > 0) {
    throw new Error(`A MariaDB source has no parameter ${unknown.join(", ")}; there are ${parameters.join(", ")}.`);
  }
  const database = decodeURIComponent(url.pathname.slice(1));
  if (database === "" || database.includes("/")) throw new Error("A MariaDB source names one database after its host.");
  if (url.username === "") throw new Error("A MariaDB source names a user before its host.");
  const password = decodeURIComponent(url.password);
  const socketPath = url.searchParams.get("socket");
  const ssl = sslOf(url.searchParams);
  return {
    host: url.hostname === "" ? "localhost" : url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? 3306 : Number(url.port),
    user: decodeURIComponent(url.username),
    database,
    ...(password === "" ? {} : { password }),
    ...(socketPath === null ? {} : { socketPath }),
    ...(ssl === undefined ? {} : { ssl }),
  };
}

function sslOf(given: URLSearchParams): MariaDBConfig["ssl"] {
  const [ssl, file] = [given.get("ssl"), given.get("ssl-ca")];
  if (ssl !== null && ssl !== "on" && ssl !== "off") throw new Error(`ssl is "${ssl}"; it must be on or off.`);
  if (ssl === "off" && file !== null) throw new Error("ssl-ca is given for a connection with ssl off.");
  if (file !== null) return { ca: readFileSync(file, "utf8") };
  return ssl === "on" ? {} : undefined;
}
