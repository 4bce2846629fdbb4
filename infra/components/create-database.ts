import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";
import type { CertificateAuthority } from "./certificate-authority.ts";
import { databasePasswords, type DatabasePasswords } from "./database-passwords.ts";
import type { Database, Place } from "./database.ts";
import { DatabaseMove } from "./database-move.ts";
import { ManagedPostgres } from "./managed-postgres.ts";
import { Postgres } from "./postgres.ts";
import type { Server } from "./server.ts";

/** What a database is made from. */
export interface CreateDatabaseArgs {
  /** The server with the role `database`: it runs the container, and whatever else works on the database. */
  readonly place: Place;
  /** All servers. */
  readonly servers: readonly Server[];
  /** Signs the certificates within the environment. */
  readonly authority: CertificateAuthority;
  readonly settings: Settings;
}

/** The database that the settings choose; with `moveFrom`, the other one stays as it is until the data has moved. */
export function createDatabase(args: CreateDatabaseArgs): Database {
  const { place, authority, settings } = args;
  const { platform, moveFrom } = settings.postgres;
  const passwords = databasePasswords();
  const make = {
    container: (): Database => new Postgres({ ...place, authority, passwords, settings: settings.postgres }),
    managed: (): Database => managed(args, passwords),
  };
  const database = make[platform]();
  if (moveFrom === undefined) return database;
  const { cpus } = settings.postgres.limits;
  const { gate } = new DatabaseMove({ place, from: make[moveFrom](), to: database, cpus });
  return {
    owner: (from) => database.owner(from),
    service: (from) => database.service(from),
    network: (from) => database.network(from),
    gates: [...database.gates, gate],
  };
}

function managed({ place, servers, settings }: CreateDatabaseArgs, passwords: DatabasePasswords): ManagedPostgres {
  const { managed: cluster, maxConnections } = settings.postgres;
  const home = settings.servers.find(({ roles }) => roles.includes("database"));
  if (cluster === undefined || home?.platform !== "linode") {
    throw new Error("A managed database needs landfall:postgres.managed and a Linode with the role 'database'.");
  }
  return new ManagedPostgres({
    place,
    region: home.region,
    admitted: servers.flatMap(({ roles, publicAddress }): pulumi.Output<string>[] =>
      publicAddress !== undefined && roles.some((role) => role === "app" || role === "database") ? [publicAddress] : [],
    ),
    passwords,
    settings: cluster,
    leastConnections: maxConnections,
  });
}
