import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { migrateSchema } from "@landfall/app/schema/migrate";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../test/services/services.ts";
import { land } from "../engine/landing.ts";
import { computed, copy, id, reference, type MappedTable, type Plan } from "../plans/plan.ts";
import { unobserved } from "../progress/progress.ts";
import { openSource } from "../sources/open.ts";
import { Connection } from "../sql/connection.ts";
import { startEpoch } from "../target/runner.ts";
import { ask, silent } from "../test/landing.ts";
import { discard } from "../test/legacy.ts";
import { withMappable } from "./mappable.ts";

const byId = { column: "id", target: "id", kind: "integer" } as const;

const feeds: MappedTable = {
  disposition: "mapped",
  source: "feed",
  target: "intelligence.sources",
  key: "id",
  range: byId,
  columns: { id: id("id"), name: copy("name", "text"), enabled: computed({ from: [], sql: "true", type: "boolean" }) },
};

const articles: MappedTable = {
  disposition: "mapped",
  source: "article",
  target: "intelligence.documents",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    source_id: reference("feed_id", "feed"),
    external_id: copy("guid", "text"),
    published_at: copy("at", "timestamptz"),
  },
};

const runs: MappedTable = {
  disposition: "mapped",
  source: "run",
  target: "intelligence.scrape_runs",
  key: "id",
  range: byId,
  columns: { id: id("id"), source_id: reference("feed_id", "feed"), items: copy("items", "integer") },
};

/** None of its tables needs more than changes of type. */
const plan: Plan = {
  system: "feeds",
  window: 77,
  engine: "sqlite",
  shape: {
    feed: { id: "integer", name: "varchar" },
    article: { id: "integer", feed_id: "integer", guid: "varchar", at: "datetime" },
    run: { id: "integer", feed_id: "integer", items: "integer" },
  },
  tables: [feeds, articles, runs],
  rights: "SELECT NULL::text AS holder, NULL::text AS holding WHERE false",
  tallies: [],
};

/** A text of so many bytes that cannot be made shorter. */
const incompressible = (bytes: number): string =>
  Array.from({ length: Math.ceil(bytes / 44) }, (_, number) =>
    createHash("sha256").update(number.toString()).digest("base64"),
  )
    .join("")
    .slice(0, bytes);

let folder: string;
let path: string;
let target: TestDatabase;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "landfall-direct-"));
  path = join(folder, "feeds.db");
  const file = new DatabaseSync(path);
  file.exec(`CREATE TABLE feed (id INTEGER PRIMARY KEY, name VARCHAR(80));
    CREATE TABLE article (id INTEGER PRIMARY KEY, feed_id INTEGER REFERENCES feed (id), guid VARCHAR(200), at DATETIME);
    CREATE TABLE run (id INTEGER PRIMARY KEY, feed_id INTEGER, items INTEGER);
    INSERT INTO run VALUES (1, 1, 5), (2, 1, 6);
    INSERT INTO feed VALUES (1, 'one'), (2, 'two');
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20001)
    INSERT INTO article SELECT i, 1 + i % 2, 'article ' || i, '2024-02-29 12:00:00' FROM n`);
  file.close();
  target = await createDatabase();
  await migrateSchema(target, { direction: "up" });
  await ask(target, "INSERT INTO provenance.systems (name, id_window, title) VALUES ('feeds', 77, 'Feeds')");
});

afterEach(async () => {
  rmSync(folder, { recursive: true });
  await discard(target);
});

/** Lands the file, and gives the tables that went straight, at each try. */
async function landed(): Promise<string[][]> {
  const legacy = await openSource(plan, { kind: "sqlite", path });
  const connection = await Connection.open(target);
  const control = connection.client;
  const tries: string[][] = [];
  try {
    const options = {
      plan,
      control,
      target,
      epoch: await startEpoch(control),
      workers: 2,
      chunkRows: 10_000,
      signal: new AbortController().signal,
      observer: unobserved,
      log: silent,
    };
    await withMappable({ ...options, legacy, goDirect: true }, async (source) => {
      const snapshot = await source.snapshot();
      tries.push(plan.tables.map((table) => table.source).filter((table) => snapshot.isDirect(table)));
      await snapshot.close();
      await land({ ...options, source, resume: undefined, rollbackPoint: null, release: "test", hashes: "auto" });
    });
    return tries;
  } finally {
    await connection.close();
    await legacy.source.close();
  }
}

const heldBack = (): Promise<unknown[]> =>
  ask(target, "SELECT source_table AS source, rule, legacy_id AS id FROM operations.quarantine ORDER BY 1, 3");

const rowsThere = async (): Promise<unknown> =>
  (
    await ask(
      target,
      `SELECT (SELECT count(*)::integer FROM intelligence.sources) AS feeds,
         (SELECT count(*)::integer FROM intelligence.documents) AS articles,
         (SELECT count(*)::integer FROM migration.suspended) AS off`,
    )
  )[0];

const change = (statement: string, ...values: string[]): void => {
  const file = new DatabaseSync(path);
  file.prepare(statement).run(...values);
  file.close();
};

test("tables that need no more than changes of type go straight", async () => {
  expect(await landed()).toEqual([["feed", "article", "run"]]);
  expect(await heldBack()).toEqual([]);
  expect(await rowsThere()).toEqual({ feeds: 2, articles: 20_001, off: 0 });
});

test("a text that no index of the target holds sends its row to quarantine, though the index is off", async () => {
  change("UPDATE article SET guid = ? WHERE id = 7", incompressible(2800));
  // What is staged looks its parents up in their staging copy.
  expect(await landed()).toEqual([["feed", "article", "run"], ["run"]]);
  expect(await heldBack()).toEqual([{ source: "article", rule: "constraint:documents_source-too-long", id: "7" }]);
  expect(await rowsThere()).toEqual({ feeds: 2, articles: 20_000, off: 0 });
});

test("a row that breaks a NOT NULL or a CHECK of the target goes to quarantine", async () => {
  change("UPDATE run SET items = -1 WHERE id = 2");
  change("INSERT INTO feed VALUES (3, NULL)");
  expect((await landed()).at(-1)).toEqual([]);
  expect(await heldBack()).toEqual([
    { source: "feed", rule: "constraint:name-not-null", id: "3" },
    { source: "run", rule: "constraint:scrape_runs_items_check", id: "2" },
  ]);
});
