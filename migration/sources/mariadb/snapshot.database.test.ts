import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createMariaDB, type TestMariaDB } from "../../../test/services/mariadb.ts";
import { chunksBetween, wholeTable, type Chunk } from "../../sql/range.ts";
import { openMariaDB } from "./source.ts";

let database: TestMariaDB;

beforeAll(async () => {
  database = await createMariaDB();
  await database.run(`CREATE TABLE rows_of (id int PRIMARY KEY, body varchar(200));
INSERT INTO rows_of SELECT seq, REPEAT('x', 100) FROM seq_1_to_300000;
CREATE TABLE names (name varchar(40) COLLATE utf8mb4_unicode_ci PRIMARY KEY);
INSERT INTO names SELECT CONCAT(ELT(1 + seq % 4, 'é', 'B', 'z', '퀀'), seq) FROM seq_1_to_1000;
CREATE TABLE sparse (id bigint unsigned PRIMARY KEY);
INSERT INTO sparse SELECT seq * seq * seq FROM seq_1_to_1000;
CREATE TABLE pairs (day date, other int, PRIMARY KEY (day, other));
INSERT INTO pairs SELECT '2020-01-01' + INTERVAL IF(seq < 500, 1, seq) DAY, seq FROM seq_1_to_1000;
CREATE TABLE keyless (body text); INSERT INTO keyless VALUES ('a'), ('b')`);
});

afterAll(async () => {
  await database.drop();
});

const lines = async (stream: NodeJS.ReadableStream): Promise<string[]> => (await text(stream)).split("\n").slice(0, -1);

test("readers see one moment, whatever is written meanwhile", async () => {
  const source = await openMariaDB(database);
  const snapshot = await source.snapshot(2);
  expect(snapshot.readers).toBe(2);
  await database.run("INSERT INTO keyless VALUES ('later')");
  const readers = [await snapshot.reader(), await snapshot.reader()];
  await expect(snapshot.reader()).rejects.toThrow("All 2 readers of the snapshot are in use.");
  expect(await snapshot.count("keyless")).toBe(2);
  for (const reader of readers) {
    expect(await lines(reader.plain("keyless", wholeTable))).toHaveLength(2);
    expect(await reader.plainSums("keyless", wholeTable)).toMatchObject({ sums: { rows: "2" } });
    await reader.close();
  }
  expect(await (await snapshot.reader()).plainSums("keyless", wholeTable)).toMatchObject({ sums: { rows: "2" } });
  await snapshot.close();
  await source.close();
  await database.run("DELETE FROM keyless WHERE body = 'later'");
});

test("a snapshot that is only counted in stops nobody, and sees one moment all the same", async () => {
  const source = await openMariaDB(database);
  const snapshot = await source.snapshot(0);
  await database.run("INSERT INTO keyless VALUES ('later')");
  expect(await snapshot.count("keyless")).toBe(2);
  await snapshot.close();
  await source.close();
  await database.run("DELETE FROM keyless WHERE body = 'later'");
});

test("a user who may not stop the writers gets one reader", async () => {
  const user = `${database.database}_reader`;
  await database.run(
    `CREATE USER ${user}@'%' IDENTIFIED BY 'reading'; GRANT SELECT ON ${database.database}.* TO ${user}@'%'`,
  );
  const source = await openMariaDB({ ...database, user, password: "reading" });
  const snapshot = await source.snapshot(4);
  expect(snapshot.readers).toBe(1);
  const reader = await snapshot.reader();
  await database.run("INSERT INTO keyless VALUES ('later')");
  const [staged, counted] = await Promise.all([lines(reader.plain("keyless", wholeTable)), snapshot.count("keyless")]);
  expect([staged.length, counted]).toEqual([2, 2]);
  await snapshot.close();
  await source.close();
  await database.run(`DROP USER ${user}@'%'; DELETE FROM keyless WHERE body = 'later'`);
});

test.each(["rows_of", "names", "sparse", "pairs", "keyless"])(
  "the chunks of %s are all of it, each row once",
  async (table) => {
    const source = await openMariaDB(database);
    const snapshot = await source.snapshot(1);
    const boundaries = await snapshot.boundaries(table, table === "rows_of" ? 100_000 : 100);
    const chunks = chunksBetween(boundaries);
    expect(chunks).toHaveLength({ rows_of: 3, names: 10, sparse: 10, pairs: 7, keyless: 1 }[table] ?? 0);
    const reader = await snapshot.reader();
    const read = async (chunk: Chunk): Promise<string[]> => lines(reader.plain(table, chunk));
    const parts: string[][] = [];
    for (const chunk of chunks) parts.push(await read(chunk));
    expect(parts.flat().sort()).toEqual((await read(wholeTable)).sort());
    await snapshot.close();
    await source.close();
  },
);

/** A door to the server through which one can see how much has come. */
async function openDoor(): Promise<{ port: number; sockets: Socket[]; server: Server }> {
  const sockets: Socket[] = [];
  const server = createServer((client) => {
    const upstream = connect(database.port, database.host);
    sockets.push(upstream);
    client.on("error", () => upstream.destroy());
    upstream.on("error", () => client.destroy());
    upstream.on("close", () => client.destroy());
    client.pipe(upstream);
    upstream.pipe(client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, sockets, server };
}

test("while nobody reads, the network is left alone", async () => {
  const source = await openMariaDB(database);
  const snapshot = await source.snapshot(1);
  const reader = await snapshot.reader();
  const stream = reader.plain("rows_of", wholeTable);
  await once(stream, "readable");
  const before = stream.readableLength;
  // Another whole query answered on another connection is time enough for all of this one's rows.
  for (let times = 0; times < 5; times++) await snapshot.count("rows_of");
  expect(stream.readableLength - before).toBeLessThan(2 ** 20);
  expect((await lines(stream)).length).toBe(300_000);
  await snapshot.close();
  await source.close();
});

test("a stream that is given up leaves the reader, and its moment, for the next one", async () => {
  const source = await openMariaDB(database);
  const snapshot = await source.snapshot(1);
  const reader = await snapshot.reader();
  await database.run("INSERT INTO keyless VALUES ('later')");
  const stream = reader.plain("rows_of", wholeTable);
  await once(stream, "readable");
  stream.destroy();
  expect(await lines(reader.plain("keyless", wholeTable))).toHaveLength(2);
  await snapshot.close();
  await source.close();
  await database.run("DELETE FROM keyless WHERE body = 'later'");
});

test("a connection that breaks says what was read at that time", async () => {
  const door = await openDoor();
  const source = await openMariaDB({ ...database, port: door.port });
  const snapshot = await source.snapshot(1);
  const reader = await snapshot.reader();
  const stream = reader.plain("rows_of", { number: 2, low: "5", high: null });
  await once(stream, "readable");
  for (const socket of door.sockets) socket.destroy();
  await expect(lines(stream)).rejects.toThrow(/^Reading rows_of, chunk 2 \(5 to end\), failed: .*(closed|lost|reset)/i);
  await expect(reader.plainSums("rows_of", wholeTable)).rejects.toThrow(/^Reading rows_of, chunk 1 .* failed/);
  await snapshot.close();
  await source.close();
  door.server.close();
});

test("a server that is not there, and a wrong password, are told without the password", async () => {
  await expect(openMariaDB({ ...database, port: 1 })).rejects.toThrow("ECONNREFUSED");
  const wrong = openMariaDB({ ...database, password: "not-the-password" });
  await expect(wrong).rejects.toThrow(/: Access denied for user/);
  await expect(wrong).rejects.not.toThrow("not-the-password");
});
