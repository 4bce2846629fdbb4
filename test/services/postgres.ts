import type { Container } from "dockerode";
import pg from "pg";
import type { Estate } from "./estate.ts";
import { untilReady } from "./ready.ts";

/** Passwords of the roles of a Postgres in an estate. */
export const passwords = { landfall_owner: "o".repeat(40), landfall_app: "a".repeat(40), akmadmin: "r".repeat(40) };

/** Runs a Postgres of the project's own image in an estate, with TLS for its alias and its address. */
export async function runPostgres(estate: Estate, alias: string, address: number): Promise<Container> {
  const container = await estate.run({
    image: "postgres",
    user: 999,
    address,
    alias,
    environment: {
      POSTGRES_DATABASE: "landfall",
      POSTGRES_OWNER: "landfall_owner",
      POSTGRES_OWNER_PASSWORD_FILE: "/run/secrets/owner_password",
      POSTGRES_APP: "landfall_app",
      POSTGRES_APP_PASSWORD_FILE: "/run/secrets/app_password",
      POSTGRES_TLS: "required",
    },
    files: {
      owner_password: passwords.landfall_owner,
      app_password: passwords.landfall_app,
      ...(await estate.certificate([alias], [estate.address(address)])),
    },
    temporary: ["/var/lib/postgresql", "/run/postgresql"],
    // Data that is thrown away needs no protection against a power cut.
    command: ["-c", "fsync=off", "-c", "max_connections=40"],
  });
  await untilReady("Postgres", container, ["pg_isready", "-q", "-h", "127.0.0.1"]);
  return container;
}

/** What the superuser of a Postgres answers, one line a row. */
export async function asSuperuser(estate: Estate, container: Container, sql: string): Promise<string> {
  const command = ["psql", "-X", "-v", "ON_ERROR_STOP=1", "-h", "/run/postgresql", "-d", "landfall", "-qAtc", sql];
  const { exitCode, stdout, stderr } = await estate.execute(container, command);
  if (exitCode !== 0) throw new Error(stderr);
  return stdout.trim();
}

/**
 * Makes of a Postgres what a vendor hands over: an administrator who makes roles and databases and is no superuser, an
 * empty database of theirs, and none of ours.
 */
export async function asManaged(estate: Estate, container: Container): Promise<void> {
  const statements = [
    "CREATE ROLE akmadmin LOGIN CREATEROLE CREATEDB REPLICATION",
    `ALTER ROLE akmadmin PASSWORD '${passwords.akmadmin}'`,
    "CREATE DATABASE defaultdb OWNER akmadmin",
    "DROP DATABASE landfall",
    "DROP ROLE landfall_app",
    "DROP ROLE landfall_owner",
  ];
  for (const sql of statements) {
    const command = ["psql", "-X", "-h", "/run/postgresql", "-d", "postgres", "-qc", sql];
    const { exitCode, stderr } = await estate.execute(container, command);
    if (exitCode !== 0) throw new Error(stderr);
  }
}

/** The job that makes roles and database on what a vendor hands over. */
export async function runPreparation(estate: Estate, host: string, leastConnections = 40): Promise<Container> {
  return estate.run({
    image: "postgres",
    user: 999,
    alias: "prepare-database",
    command: ["prepare-database"],
    job: true,
    environment: {
      POSTGRES_DATABASE: "landfall",
      POSTGRES_OWNER: "landfall_owner",
      POSTGRES_OWNER_PASSWORD_FILE: "/run/secrets/owner_password",
      POSTGRES_APP: "landfall_app",
      POSTGRES_APP_PASSWORD_FILE: "/run/secrets/app_password",
      POSTGRES_LEAST_CONNECTIONS: String(leastConnections),
      ADMIN_HOST: host,
      ADMIN_PORT: "5432",
      ADMIN_USER: "akmadmin",
      ADMIN_PASSWORD_FILE: "/run/secrets/admin_password",
      ADMIN_CA_FILE: "/run/secrets/admin_ca.crt",
    },
    files: {
      owner_password: passwords.landfall_owner,
      app_password: passwords.landfall_app,
      admin_password: passwords.akmadmin,
      "admin_ca.crt": estate.authority.certificate,
    },
  });
}

/** What a role is answered from this machine, over TLS that is verified as `host`. */
export async function asRole(address: pg.ClientConfig, sql: string): Promise<unknown[]> {
  const client = new pg.Client(address);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
