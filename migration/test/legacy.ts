import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { setTimeout as delay } from "node:timers/promises";
import { createGunzip } from "node:zlib";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { createDatabase, type TestDatabase } from "../../test/services/services.ts";

const samples = new URL("../../samples/legacy/", import.meta.url);

/** A fresh database with the sample of a legacy system in it. */
export async function createLegacy(system: string): Promise<TestDatabase> {
  const database = await createDatabase();
  await loadDump(database, fileURLToPath(new URL(`${system}/dump.sql.gz`, samples)));
  return database;
}

/** Removes databases. A vacuum of the server's own in one of them cannot be cut by an owner, and is waited for. */
export async function discard(...databases: readonly TestDatabase[]): Promise<void> {
  for (const database of databases) {
    for (let tries = 1; ; tries++) {
      try {
        await database.drop();
        break;
      } catch (error) {
        const vacuumed = error instanceof pg.DatabaseError && error.code === "42501";
        if (!vacuumed || tries === 100) throw error;
        await delay(100);
      }
    }
  }
}

/** Runs a plain dump of pg_dump, whose COPY blocks only psql understands. */
export async function loadDump(config: pg.ClientConfig, path: string): Promise<void> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    await client.query("BEGIN");
    const lines = createInterface({ input: createReadStream(path).pipe(createGunzip()), crlfDelay: Infinity });
    const iterator = lines[Symbol.asyncIterator]();
    let statement = "";
    for (let line = await iterator.next(); line.done !== true; line = await iterator.next()) {
      if (statement === "" && /^(--|\\|$)/.test(line.value)) continue;
      statement += `${line.value}\n`;
      if (!line.value.endsWith(";")) continue;
      if (statement.startsWith("COPY "))
        await pipeline(Readable.from(copyLines(iterator)), client.query(copyFrom(statement)));
      else await client.query(statement);
      statement = "";
    }
    await client.query("COMMIT");
  } finally {
    await client.end();
  }
}

async function* copyLines(iterator: AsyncIterator<string>): AsyncGenerator<string> {
  for (let line = await iterator.next(); line.done !== true && line.value !== "\\."; line = await iterator.next()) {
    yield `${line.value}\n`;
  }
}
