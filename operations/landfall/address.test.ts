import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readAddress } from "./address.ts";
import { withoutPassword } from "./address-parts.ts";

const directory = mkdtempSync(join(tmpdir(), "landfall-address-"));
writeFileSync(join(directory, "old.db"), "");
writeFileSync(join(directory, "ca.pem"), "authority");
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const read = (text: string, password?: string) => readAddress(text, { directory, password });

test.each([
  [
    "postgresql://ann:secret@db.example:6543/legacy",
    { host: "db.example", port: 6543, user: "ann", password: "secret", database: "legacy" },
  ],
  ["postgres://ann@db/legacy", { host: "db", port: 5432, user: "ann", password: "kept", database: "legacy" }],
  ["POSTGRESQL:///legacy", { host: "localhost", port: 5432, password: "kept", database: "legacy" }],
  [
    "postgresql://ann@/legacy?host=/run/pg&port=6000",
    { host: "/run/pg", port: 6000, user: "ann", password: "kept", database: "legacy" },
  ],
  [
    "postgresql://a%40b:p%2Fw%25@[::1]:1/old%20one",
    { host: "::1", port: 1, user: "a@b", password: "p/w%", database: "old one" },
  ],
  [
    "postgresql://ann:p@ss:word@db/legacy",
    { host: "db", port: 5432, user: "ann", password: "p@ss:word", database: "legacy" },
  ],
])("%s opens a PostgreSQL database", (text, config) => {
  expect(read(text, "kept")).toMatchObject({ kind: "postgresql", config });
});

test.each([
  ["postgresql://db/x", undefined],
  ["postgresql://db/x?sslmode=prefer", undefined],
  ["postgresql://db/x?sslmode=require", { rejectUnauthorized: false }],
  ["postgresql://db/x?sslmode=require&sslrootcert=ca.pem", { rejectUnauthorized: true, ca: "authority" }],
  ["postgresql://db/x?sslmode=verify-full&sslrootcert=ca.pem", { rejectUnauthorized: true, ca: "authority" }],
])("%s has the TLS that libpq would have", (text, ssl) => {
  const address = read(text);
  const found = address.kind === "postgresql" ? address.config.ssl : "no";
  if (ssl === undefined) expect(found).toBeUndefined();
  else expect(found).toMatchObject(ssl);
});

test("only verify-full checks the name on a server's certificate", () => {
  const check = (mode: string) => {
    const address = read(`postgresql://db/x?sslmode=${mode}`);
    const ssl = address.kind === "postgresql" ? address.config.ssl : undefined;
    return typeof ssl === "object" && ssl.checkServerIdentity !== undefined;
  };
  expect(["require", "verify-ca", "verify-full"].map(check)).toEqual([true, true, false]);
});

test.each(["mysql", "mariadb"])("%s:// opens a MariaDB database", (scheme) => {
  expect(read(`${scheme}://root:x@db/unpuzzle?socket=/run/m.sock&ssl-ca=ca.pem`)).toMatchObject({
    kind: "mariadb",
    config: {
      host: "db",
      port: 3306,
      user: "root",
      password: "x",
      database: "unpuzzle",
      socketPath: "/run/m.sock",
      ssl: { ca: "authority" },
    },
  });
});

test("a password of PostgreSQL's is none for MariaDB", () => {
  const context = { directory, password: undefined, postgresPassword: "pg" };
  expect(readAddress("mysql://root@db/x", context)).not.toHaveProperty("config.password");
  expect(readAddress("postgres://root@db/x", context)).toHaveProperty("config.password", "pg");
});

test.each(["sqlite:old.db", "sqlite:./old.db", `sqlite:${directory}/old.db`, `sqlite://${directory}/old.db`])(
  "%s opens a file, from the caller's folder on",
  (text) => {
    const path = join(directory, "old.db");
    expect(read(text)).toEqual({ kind: "sqlite", path, shown: `sqlite:${path}` });
  },
);

test.each([
  ["oracle://db/x", "unknown scheme oracle; allowed are postgresql://"],
  ["legacy.db", "has no scheme; allowed are postgresql://"],
  ["postgresql://db", "names no database"],
  ["mysql://db/x", "names no user"],
  ["postgresql://db:0/x", "a port that is not a number from 1 to 65535"],
  ["postgresql://db:x/x", "a port that is not a number from 1 to 65535"],
  ["postgresql://a,b/x", "names several hosts"],
  ["postgresql://db/x?sslmod=require", "unknown parameters: sslmod; allowed are host"],
  ["postgresql://db/x?sslmode=full", "an sslmode that is none of disable"],
  ["postgresql://db/x?sslmode=require&sslrootcert=gone.pem", "a sslrootcert that cannot be read"],
  ["mysql://u@db/x?ssl=maybe", "an ssl that is neither on nor off"],
  ["postgresql://db/a%zz", "a database with a % that begins no code"],
  ["sqlite:", "names no file"],
  ["sqlite:gone.db", "and there is no such file"],
  ["sqlite:.", "which is no file"],
])("%s is refused, with what is wrong", (text, message) => {
  expect(() => read(text)).toThrow(message);
});

test.each([
  "postgresql://ann:secret@db:x/y",
  "postgresql://ann:se@cret@db,other/y",
  "mysql://ann:secret@db",
  "oracle://ann:secret@db/x",
  "postgresql://db/x?user=ann&password=secret&foo=1",
])("no message about %s shows its password", (text) => {
  expect(() => read(text)).toThrow(/^"(?!.*se@?cret)/s);
  expect(withoutPassword(text)).not.toContain("cret");
});
