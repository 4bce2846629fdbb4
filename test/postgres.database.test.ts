import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPool } from "../app/database/database.ts";
import { createAuthority } from "../infra/certificates/authority.ts";
import { renderPgBouncer, renderUserList } from "../infra/postgres/pgbouncer.ts";
import { readSettings } from "../migration/settings.ts";
import { Connection } from "../migration/sql/connection.ts";
import { Estate } from "./services/estate.ts";
import { asRole, passwords, runPostgres } from "./services/postgres.ts";
import { untilReady } from "./services/ready.ts";

let estate: Estate;

beforeAll(async () => {
  estate = await Estate.open();
  await runPostgres(estate, "postgres", 31);
});
afterAll(() => estate.close());

const role = (user: "landfall_owner" | "landfall_app", host: string): pg.ClientConfig => ({
  host,
  port: 5432,
  database: "landfall",
  user,
  password: passwords[user],
});

test("the owner makes tables, and the service reads and writes their rows and makes none", async () => {
  const ssl = { ca: estate.authority.certificate };
  const owner = { ...role("landfall_owner", estate.address(31)), ssl };
  const service = { ...role("landfall_app", estate.address(31)), ssl };
  await asRole(owner, "CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY, body text)");
  await asRole(service, "INSERT INTO notes (body) VALUES ('one')");
  expect(await asRole(service, "SELECT body FROM notes")).toEqual([{ body: "one" }]);
  await expect(asRole(service, "CREATE TABLE mine ()")).rejects.toThrow("permission denied for schema public");
  await expect(asRole(service, "DROP TABLE notes")).rejects.toThrow("must be owner of table notes");
});

test("a connection without TLS is refused", async () => {
  await expect(asRole(role("landfall_app", estate.address(31)), "SELECT 1")).rejects.toThrow("no encryption");
});

test("psql reaches it by its address and verifies the certificate, and refuses one of another root", async () => {
  const other = await createAuthority({ commonName: "Another", validityDays: 2 });
  const client = await estate.run({
    image: "postgres",
    user: 999,
    address: 51,
    alias: "client",
    entrypoint: ["sleep", "300"],
    files: {
      password: passwords.landfall_app,
      "ca.crt": estate.authority.certificate,
      "other.crt": other.certificate,
    },
  });
  const ask = (root: string) => {
    const place = `postgresql://landfall_app@${estate.address(31)}/landfall`;
    const url = `${place}?sslmode=verify-full&sslrootcert=/run/secrets/${root}`;
    const script = `PGPASSWORD=$(cat /run/secrets/password) psql -Atc 'SELECT 7 * 6' '${url}'`;
    return estate.execute(client, ["sh", "-c", script]);
  };
  expect((await ask("ca.crt")).stdout).toBe("42\n");
  expect((await ask("other.crt")).stderr).toContain("certificate verify failed");
});

test.each([
  ["address", (): string => estate.address(31)],
  ["name", (): string => "postgres"],
])("PgBouncer reaches it by its %s and verifies the certificate", async (kind, host) => {
  const alias = `pgbouncer-${kind}`;
  const address = kind === "name" ? 41 : 42;
  const configuration = { host: host(), port: 5432, database: "landfall", pool: { size: 2, maxClients: 10 } };
  const container = await estate.run({
    image: "pgbouncer",
    user: 998,
    address,
    alias,
    files: {
      "pgbouncer.ini": renderPgBouncer(configuration),
      "userlist.txt": renderUserList({ landfall_app: passwords.landfall_app }),
      "ca.crt": estate.authority.certificate,
      "database-ca.crt": estate.authority.certificate,
      ...(await estate.certificate(["pgbouncer"], [estate.address(address)])),
    },
  });
  await untilReady("PgBouncer", container, ["pg_isready", "-q", "-h", "127.0.0.1", "-p", "6432"]);
  const errors: Error[] = [];
  const pool = openPool(
    {
      host: estate.address(address),
      port: 6432,
      database: "landfall",
      user: "landfall_app",
      password: passwords.landfall_app,
      poolSize: 1,
      authority: estate.authority.certificate,
    },
    (error) => errors.push(error),
  );
  try {
    expect((await pool.query("SELECT current_user AS who")).rows).toEqual([{ who: "landfall_app" }]);
  } finally {
    await pool.end();
  }
  expect(errors).toEqual([]);
});

test("PgBouncer refuses a database whose certificate is for another name", async () => {
  const container = await estate.run({
    image: "pgbouncer",
    user: 998,
    address: 43,
    alias: "pgbouncer-wrong",
    files: {
      // Another name of the same address, which the certificate does not have.
      "pgbouncer.ini": renderPgBouncer({
        host: "imposter",
        port: 5432,
        database: "landfall",
        pool: { size: 2, maxClients: 10 },
      }).replace("query_wait_timeout = 10", "query_wait_timeout = 2"),
      "userlist.txt": renderUserList({ landfall_app: passwords.landfall_app }),
      "ca.crt": estate.authority.certificate,
      "database-ca.crt": estate.authority.certificate,
      ...(await estate.certificate(["pgbouncer"], [estate.address(43)])),
    },
    hosts: { imposter: estate.address(31) },
  });
  await untilReady("PgBouncer", container, ["pg_isready", "-q", "-h", "127.0.0.1", "-p", "6432"]);
  const ssl = { ca: estate.authority.certificate };
  await expect(asRole({ ...role("landfall_app", estate.address(43)), port: 6432, ssl }, "SELECT 1")).rejects.toThrow();
  expect(await estate.log(container)).toContain("name `imposter' not present in server certificate");
});

test("the migration reaches it by its address and verifies the certificate, and refuses one of another root", async () => {
  const open = async (authority: string) => {
    const { target } = readSettings(
      {
        MIGRATION_SYSTEMS: "learnmore",
        DB_HOST: estate.address(31),
        DB_NAME: "landfall",
        DB_USER: "landfall_owner",
        DB_PASSWORD_FILE: "password",
        DB_CA_FILE: "authority",
        SOURCE_LEARNMORE_HOST: "x",
        SOURCE_LEARNMORE_NAME: "x",
        SOURCE_LEARNMORE_USER: "x",
        SOURCE_LEARNMORE_PASSWORD_FILE: "password",
      },
      (path) => (path === "authority" ? authority : passwords.landfall_owner),
    );
    const connection = await Connection.open(target);
    try {
      return (await connection.client.query<{ who: string }>("SELECT current_user AS who")).rows;
    } finally {
      await connection.close();
    }
  };
  expect(await open(estate.authority.certificate)).toEqual([{ who: "landfall_owner" }]);
  const other = await createAuthority({ commonName: "Another", validityDays: 2 });
  await expect(open(other.certificate)).rejects.toThrow(/certificate/);
});
