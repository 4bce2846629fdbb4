import { afterAll, beforeAll, expect, test } from "vitest";
import { compact } from "../testing/browser.ts";
import { insert, loadFixture, password } from "../testing/fixture.ts";
import { startTestService, type TestService } from "../testing/test-service.ts";

let running: TestService;

const window = 4 * 2 ** 40;
const origin = (number: number): Record<string, unknown> => ({
  id: window + number,
  source_system: "openlearn",
  legacy_id: number.toString(),
});

beforeAll(async () => {
  running = await startTestService();
  await loadFixture(running.client);
  await running.client.query(
    `INSERT INTO accounts.users (id, source_system, legacy_id, username, email, first_name, last_name, password, is_active, is_staff, is_superuser, joined_at)
     SELECT $1, 'openlearn', '1', 'ana@example.org', 'ana@example.org', '', '', password, true, false, false, now()
     FROM accounts.users WHERE username = 'bob'`,
    [window + 1],
  );
  for (const [number, name] of [
    [1, "El <Tiempo>"],
    [2, "後藤運輸"],
  ] as const) {
    await insert(running.client, "intelligence.sources", { ...origin(number), name, enabled: true });
  }
  const documents: Record<string, unknown>[] = [
    { title: "Oldest", source_id: window + 1, language: "es", published_at: "2024-01-01T00:00:00Z" },
    { title: "Newest", source_id: window + 2, language: "en", published_at: "2026-01-01T00:00:00Z", sentiment: -0.5 },
    { title: null, source_id: null, language: null, published_at: null, entities: '{"not": "a list"}' },
    {
      title: "Mitte <i>",
      source_id: window + 1,
      language: "de",
      published_at: "2025-01-01T00:00:00Z",
      body: `${"x".repeat(299)}🔑 and no more`,
      entities: '[{"t": "ORG", "v": "Łódź & Co"}, {"t": "ORG"}, "odd", null]',
    },
  ];
  for (const [index, document] of documents.entries()) {
    await insert(running.client, "intelligence.documents", { ...origin(index + 1), ...document });
  }
  await running.client.query(
    `INSERT INTO intelligence.documents (source_system, legacy_id, title, language, published_at)
     SELECT 'learnmore', n::text, 'Foreign ' || n, 'fr', now() FROM generate_series(1, 120) n`,
  );
});

afterAll(async () => {
  await running.close();
});

async function page(name: string, path: string): Promise<string> {
  const browser = running.browser();
  await browser.signIn(name, password);
  const answer = await browser.get(path);
  expect(answer.statusCode).toBe(200);
  return compact(answer.body);
}

const titles = (body: string): string[] =>
  [...body.matchAll(/<th scope="row"><bdi dir="auto">([^<]*)<\/bdi>/g)].map(([, title = ""]) => title);

test("a user sees what her system collected, the newest first, undated ones last", async () => {
  const body = await page("ana@example.org", "/documents");
  expect(titles(body)).toEqual(["Newest", "Mitte &#60;i&#62;", "Oldest", "(no title)"]);
  expect(body).toContain('<bdi dir="auto">El &#60;Tiempo&#62;</bdi>');
  expect(body).toContain('<td data-label="Names in it"><bdi dir="auto">Łódź &#38; Co</bdi></td>');
  expect(body).toContain('<td data-label="Mood" class="number">-0.5</td>');
  expect(body).toContain("x🔑</p>");
  expect(body).not.toContain("Foreign");
});

test("documents are found by source, by language, and by both", async () => {
  const first = (window + 1).toString();
  expect(titles(await page("ana@example.org", `/documents?source=${first}`))).toEqual(["Mitte &#60;i&#62;", "Oldest"]);
  expect(titles(await page("ana@example.org", "/documents?language=en"))).toEqual(["Newest"]);
  const both = await page("ana@example.org", `/documents?source=${first}&language=es`);
  expect(titles(both)).toEqual(["Oldest"]);
  expect(both).toContain('<option value="es" selected>es</option>');
  expect([...both.matchAll(/<option value="(\w\w)"/g)].map(([, language]) => language)).toEqual(["de", "en", "es"]);
});

test("an address that cannot be understood shows all", async () => {
  const body = await page("ana@example.org", "/documents?source=x&page=0&language=%00");
  expect(titles(body)).toHaveLength(4);
});

test("pages go on where the one before ended", async () => {
  const pages = await Promise.all(
    ["1", "2", "3"].map((number) => page("bob", `/documents?language=fr&page=${number}`)),
  );
  const found = pages.map(titles);
  expect(found.map(({ length }) => length)).toEqual([50, 50, 20]);
  expect(new Set(found.flat()).size).toBe(120);
  expect(pages[1]).toContain('href="/documents?language&#61;fr&#38;page&#61;3"');
});

test("nobody sees documents without signing in", async () => {
  expect((await running.browser().get("/documents")).statusCode).toBe(303);
});
