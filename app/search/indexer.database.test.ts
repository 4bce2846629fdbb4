import { sql } from "kysely";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openDatabase, openPool, type Database } from "../database/database.ts";
import { startElasticsearchDouble, type ElasticsearchDouble } from "../testing/elasticsearch.ts";
import { courses, loadFixture, password } from "../testing/fixture.ts";
import { soon, startTestService, type TestService } from "../testing/test-service.ts";
import { elasticsearchClient } from "./elasticsearch-client.ts";
import { elasticsearchIndex } from "./elasticsearch-index.ts";
import { searchIndexer, type Indexer } from "./indexer.ts";
import { reindex } from "./reindex.ts";

const index = "landfall_content";
let running: TestService;
let double: ElasticsearchDouble;
let database: Database;
let indexer: Indexer;

const address = () => ({ url: double.url, index, username: "landfall", password: "a password" });
const held = () => double.indices.get(index) ?? new Map<string, unknown>();
const newIndexer = () => searchIndexer(database, elasticsearchIndex(elasticsearchClient(address()), index));

beforeEach(async () => {
  double = await startElasticsearchDouble();
  running = await startTestService();
  await loadFixture(running.client);
  database = openDatabase(openPool(running.configuration.database, () => undefined));
  indexer = newIndexer();
});

afterEach(async () => {
  await database.destroy();
  await running.close();
  await double.close();
});

test("an index that is not there is filled with everything, and is current only then", async () => {
  expect(indexer.isCurrent()).toBe(false);
  expect(await indexer.catchUp()).toEqual({ written: 8, removed: 0 });
  expect(indexer.isCurrent()).toBe(true);
  expect([...held().keys()].sort()).toEqual(
    [
      ...Object.values(courses).map((id) => `course-${id.toString()}`),
      ...[1, 2, 3].map((id) => `module-${(2 ** 40 + id).toString()}`),
      `quiz-${(2 ** 40 + 1).toString()}`,
    ].sort(),
  );
  expect(held().get(`course-${courses.other.toString()}`)).toMatchObject({
    kind: "course",
    course_id: courses.other,
    source_system: "unpuzzle",
    title: "Puzzles",
  });
  expect(await indexer.catchUp()).toEqual({ written: 0, removed: 0 });
});

test("a change, whoever makes it, is taken up once, and a row that is gone is forgotten", async () => {
  await indexer.catchUp();
  await running.client.query("UPDATE learning.courses SET title = 'New' WHERE id = $1", [courses.taught]);
  await running.client.query("UPDATE learning.courses SET title = 'Newer' WHERE id = $1", [courses.taught]);
  await running.client.query("DELETE FROM learning.modules WHERE id = $1", [2 ** 40 + 3]);
  expect(await indexer.catchUp()).toEqual({ written: 1, removed: 1 });
  expect(held().get(`course-${courses.taught.toString()}`)).toMatchObject({ title: "Newer" });
  expect(held().has(`module-${(2 ** 40 + 3).toString()}`)).toBe(false);
});

test("what could not be taken up is taken up later, and meanwhile the index is not current", async () => {
  await indexer.catchUp();
  await running.client.query("UPDATE learning.courses SET title = 'New' WHERE id = $1", [courses.taught]);
  double.refused = new Set([`course-${courses.taught.toString()}`]);
  await expect(indexer.catchUp()).rejects.toThrow("refused 1 of 1");
  expect(indexer.isCurrent()).toBe(false);
  double.refused = new Set();
  expect(await indexer.catchUp()).toEqual({ written: 1, removed: 0 });
  expect(indexer.isCurrent()).toBe(true);
});

test("a change that is made while an older one is taken up is not lost", async () => {
  await indexer.catchUp();
  const change = (title: string) =>
    running.client.query("UPDATE learning.courses SET title = $1 WHERE id = $2", [title, courses.taught]);
  await change("First");
  const slow = elasticsearchIndex(elasticsearchClient(address()), index);
  let second: Promise<unknown> = Promise.resolve();
  await searchIndexer(database, {
    ...slow,
    async write(documents, gone) {
      if (documents.length > 0) {
        second = change("Second");
        await vi.waitFor(async () => {
          const { rows } = await sql<{ waiting: number }>`SELECT count(*) AS waiting FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(database);
          expect(rows).toEqual([{ waiting: 1 }]);
        }, soon);
      }
      await slow.write(documents, gone);
    },
  }).catchUp();
  await second;
  await indexer.catchUp();
  expect(held().get(`course-${courses.taught.toString()}`)).toMatchObject({ title: "Second" });
});

test("several indexers share the work, and everything is taken up", async () => {
  await running.client.query(
    `INSERT INTO learning.modules (source_system, legacy_id, course_id, position, title, content_type, content)
     SELECT 'learnmore', 'many-' || n, $1, 100 + n, 'Many ' || n, 'text', 'plenty' FROM generate_series(1, 950) n`,
    [courses.arabic],
  );
  await indexer.catchUp();
  await running.client.query("UPDATE learning.modules SET content = 'changed'");
  const done = await Promise.all([indexer, newIndexer(), newIndexer()].map((one) => one.catchUp()));
  expect(done.reduce((sum, { written }) => sum + written, 0)).toBe(953);
  const changed = [...held().values()].filter((document) => JSON.stringify(document).includes('"changed"'));
  expect(changed).toHaveLength(953);
});

test("starting over makes the index anew", async () => {
  await indexer.catchUp();
  await indexer.startOver();
  expect(indexer.isCurrent()).toBe(false);
  expect(await indexer.catchUp()).toEqual({ written: 8, removed: 0 });
});

test("the command that makes the index anew says how many documents it has, and does nothing for the database", async () => {
  await indexer.catchUp();
  const { configuration } = running;
  expect(await reindex({ ...configuration, elasticsearch: address() })).toContain("made anew: 8 documents");
  expect(held().size).toBe(8);
  expect(await reindex(configuration)).toContain("Nothing was done.");
});

test("the service keeps the index current and asks it, and the database while Elasticsearch is away", async () => {
  const other = await running.another({ elasticsearch: address() });
  await expect.poll(() => held().size, soon).toBe(8);
  const ready = async () => (await other.server.inject("/health/ready")).json<{ status: string; checks: object }>();
  const good = { database: true, redis: true, migration: true };
  await expect.poll(ready, soon).toMatchObject({ status: "healthy", checks: { ...good, elasticsearch: true } });

  const { openBrowser } = await import("../testing/browser.ts");
  const browser = openBrowser(other.server, "10.1.2.3");
  await browser.signIn("ada", password);
  const source = { kind: "course", id: courses.taught, course_id: courses.taught, title: "Engines" };
  const strange = { kind: "course", id: courses.other, course_id: courses.other, title: "Puzzles" };
  double.found = { total: 2, hits: [{ _source: source }, { _source: strange }] };
  // Only Elasticsearch finds this, and what it should not have found is not shown.
  await expect.poll(async () => (await browser.get("/search?q=locomotive")).body, soon).toContain("Engines");
  expect((await browser.get("/search?q=locomotive")).body).not.toContain("Puzzles");

  await double.close();
  await expect.poll(ready, soon).toMatchObject({ status: "degraded", checks: { ...good, elasticsearch: false } });
  expect((await other.server.inject("/health/ready")).statusCode).toBe(200);
  const answer = await browser.get("/search?q=engines");
  expect(answer.statusCode).toBe(200);
  expect(answer.body).toContain("Engines");
});
