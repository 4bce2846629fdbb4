import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../test/services/services.ts";
import { ask } from "../test/landing.ts";
import { discard } from "../test/legacy.ts";
import { Connection } from "./connection.ts";

let database: TestDatabase;
let connection: Connection;

const terminate =
  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
const named = (): string =>
  `the source of learnmore (${database.host}:${database.port.toString()}/${database.database}): `;

beforeAll(async () => {
  database = await createDatabase();
});
beforeEach(async () => {
  connection = await Connection.open({ ...database, what: "the source of learnmore" });
});
afterEach(async () => {
  await connection.close();
});
afterAll(async () => {
  await discard(database);
});

/** The messages of two errors: of what runs when the connection is cut, and of what comes after. */
async function messagesOf(work: Promise<unknown>): Promise<string[]> {
  const settled = Promise.allSettled([work]);
  await ask(database, terminate);
  const [first] = await settled;
  const [second] = await Promise.allSettled([connection.client.query("SELECT 1")]);
  const messages = [first, second].map((one) => (one.status === "rejected" ? String(one.reason) : "no error"));
  for (const message of messages) expect(message).not.toContain(database.password);
  return messages;
}

test("a query that loses its connection says which server's it was, and so do those after it", async () => {
  const messages = await messagesOf(connection.client.query("SELECT pg_sleep(60)"));
  expect(messages).toEqual([
    `error: ${named()}terminating connection due to administrator command`,
    expect.stringMatching(/queryable|terminated/) as string,
  ]);
  expect(messages[1]).toContain(named());
});

test("a COPY that loses its connection says which server's it was", async () => {
  const out = connection.client.query(copyTo("COPY (SELECT pg_sleep(60)) TO STDOUT"));
  const [first] = await messagesOf(pipeline(out, new PassThrough()));
  expect(first).toContain(`${named()}terminating connection`);
});

test("what a server says about a query stays as it is, as does what comes from elsewhere", async () => {
  await expect(connection.client.query("SELECT nothing")).rejects.toThrow(/^column "nothing" does not exist$/);
  await connection.client.query("CREATE TEMP TABLE lines (line text)");
  const from = new PassThrough();
  from.destroy(new Error("the disk is gone"));
  const copying = pipeline(from, connection.client.query(copyFrom("COPY lines FROM STDIN")));
  await expect(copying).rejects.toThrow(/^the disk is gone$/);
});
