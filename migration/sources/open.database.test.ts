import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createMariaDB, type TestMariaDB } from "../../test/services/mariadb.ts";
import { createDatabase, type TestDatabase } from "../../test/services/services.ts";
import { dirfinal } from "../plans/dirfinal/plan.ts";
import { learnmore } from "../plans/learnmore/plan.ts";
import { unpuzzle } from "../plans/unpuzzle/plan.ts";
import { discard } from "../test/legacy.ts";
import { openMariaDB } from "./mariadb/source.ts";
import { openSource } from "./open.ts";

let maria: TestMariaDB;
let postgres: TestDatabase;
/** Takes connections, and never says a word. */
let silent: Server;
let silentPort: number;

beforeAll(async () => {
  [maria, postgres] = await Promise.all([createMariaDB(), createDatabase()]);
  silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  const address = silent.address();
  silentPort = typeof address === "object" && address !== null ? address.port : 0;
});

afterAll(async () => {
  silent.close();
  await Promise.all([maria.drop(), discard(postgres)]);
});

const wrong = "not-the-password";

interface Change {
  readonly host?: string;
  readonly port?: number;
  readonly password?: string;
  readonly database?: string;
}

/** What is said of a source of either kind that cannot be opened: where it is, and then why. */
const kinds = {
  MariaDB: (change: Change) => {
    const { host, port, user, password, database } = { ...maria, ...change };
    const config = { host, port, user, password, database };
    return { where: `unpuzzle (${placeOf(config)})`, opening: openSource(unpuzzle, { kind: "mariadb", config }) };
  },
  PostgreSQL: (change: Change) => {
    const { host, port, user, password, database } = { ...postgres, ...change };
    const config = { host, port, user, password, database, connectionTimeoutMillis: 200 };
    return { where: `learnmore (${placeOf(config)})`, opening: openSource(learnmore, { kind: "postgresql", config }) };
  },
};

const placeOf = ({ host, port, database }: { host: string; port: number; database: string }): string =>
  `${host}:${port.toString()}/${database}`;

describe.each([
  {
    kind: "MariaDB",
    password: "Access denied for user 'landfall_owner'@",
    database: "Unknown database 'nowhere'",
    silence: "connect ETIMEDOUT",
  },
  {
    kind: "PostgreSQL",
    password: 'password authentication failed for user "landfall_owner"',
    database: 'database "nowhere" does not exist',
    silence: "it has not answered for 0.2 s",
  },
] as const)("a source on $kind that cannot be opened is named, with the reason:", ({ kind, ...reasons }) => {
  const cases: readonly [what: string, change: () => Change, reason: string][] = [
    ["a wrong password", () => ({ password: wrong }), reasons.password],
    ["a database that is not there", () => ({ database: "nowhere" }), reasons.database],
    ["a port where nobody listens", () => ({ port: 1 }), "connect ECONNREFUSED 127.0.0.1:1"],
    ["a host that is not there", () => ({ host: "nowhere.invalid" }), "getaddrinfo ENOTFOUND nowhere.invalid"],
    ["a server that says nothing", () => ({ port: silentPort }), reasons.silence],
  ];
  test.each(cases)("%s", async (_, change, reason) => {
    const { where, opening } = kinds[kind](change());
    const message = await opening.then(
      () => "it was opened",
      (error: unknown) => String(error),
    );
    expect(message).toContain(`Error: The source of ${where} cannot be read: ${reason}`);
    expect(message).not.toContain(wrong);
    expect(message).not.toContain(postgres.password);
  });
});

test("a connection to MariaDB that breaks on the way says whose it was", async () => {
  await maria.run("CREATE TABLE many (id int PRIMARY KEY); INSERT INTO many SELECT seq FROM seq_1_to_1000");
  const source = await openMariaDB({ ...maria, what: "the source of unpuzzle" });
  const snapshot = await source.snapshot(1);
  const where = `the source of unpuzzle (${placeOf(maria)}): `;
  try {
    const reader = await snapshot.reader();
    const lines = reader.plain("many", { number: 1, low: null, high: null });
    const broken = once(lines, "error");
    await cut();
    lines.resume();
    expect(String((await broken)[0])).toContain(where);
    await expect(snapshot.count("many")).rejects.toThrow(`Reading many, failed: ${where}`);
  } finally {
    await snapshot.close();
    await source.close();
  }
});

/** Ends every other connection to the database. */
async function cut(): Promise<void> {
  await maria.run(`BEGIN NOT ATOMIC FOR c IN (SELECT id FROM information_schema.processlist
    WHERE db = DATABASE() AND id <> CONNECTION_ID()) DO KILL c.id; END FOR; END`);
}

test("a SQLite database that is none, or is not there, is named with the reason", async () => {
  const folder = mkdtempSync(join(tmpdir(), "landfall-open-"));
  const reasonOf = async (name: string, content?: Buffer): Promise<string> => {
    const path = join(folder, name);
    if (content !== undefined) writeFileSync(path, content);
    const message = await openSource(dirfinal, { kind: "sqlite", path }).then(
      () => "it was opened",
      (error: unknown) => String(error),
    );
    const start = `Error: The source of dirfinal (${path}) cannot be read: `;
    return message.startsWith(start) ? message.slice(start.length) : message;
  };
  try {
    const none = "it is no SQLite database, or an encrypted one";
    expect(await reasonOf("missing.db")).toBe("there is no such file");
    expect(await reasonOf("empty.db", Buffer.alloc(0))).toBe("the file is empty: it holds no database");
    expect(await reasonOf("text.db", Buffer.from("no database, ".repeat(100)))).toBe(none);
    expect(await reasonOf("encrypted.db", randomBytes(8192))).toBe(none);
    expect(await reasonOf(".")).toBe("it is a directory; name the database file in it");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
