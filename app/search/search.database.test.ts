import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser } from "../testing/browser.ts";
import { courses, insert, loadFixture, password } from "../testing/fixture.ts";
import { startTestService, type TestService } from "../testing/test-service.ts";

const learnmore = 2 ** 40;
let running: TestService;
let ada: Browser;

beforeAll(async () => {
  running = await startTestService();
  await loadFixture(running.client);
  const moduleRows: [number, number, string, string][] = [
    [101, courses.arabic, "Running in the <b>hills</b>", "<p>Children are running towards the <em>old</em> mills.</p>"],
    [102, courses.arabic, "Kapitel eins", "Die Häuser am Fluß standen leer, und die Mädchen liefen."],
    [103, courses.arabic, "Uno", "Las canciones de los niños cantaban en el jardín."],
    [104, courses.arabic, "鉱山連続", "感謝するリフトコーラス符号"],
    [105, courses.arabic, "A plain title", "Here the word hills stands in the body."],
    [106, courses.other, "Hidden hills", "hills hills hills"],
    [107, courses.taught, "Engines of the hills", "Steam and steel."],
    [108, courses.arabic, "Marked", `A \u{E000}forged\u{E001} mark of a lighthouse <script>alert(1)</script>`],
  ];
  for (const [index, [id, course, title, content]] of moduleRows.entries()) {
    await insert(running.client, "learning.modules", {
      id: learnmore + id,
      source_system: "learnmore",
      legacy_id: id.toString(),
      course_id: course,
      position: index + 10,
      title,
      content_type: "text",
      content,
    });
  }
  ada = await signedIn("ada");
});

afterAll(async () => {
  await running.close();
});

async function signedIn(name: string): Promise<Browser> {
  const browser = running.browser();
  await browser.signIn(name, password);
  return browser;
}

interface Found {
  readonly count: number;
  readonly titles: readonly string[];
  readonly body: string;
}

async function search(text: string, browser = ada): Promise<Found> {
  const answer = await browser.get(`/search?q=${encodeURIComponent(text)}`);
  expect(answer.statusCode).toBe(200);
  const body = answer.body.replace(/\s+/g, " ");
  const titles = [...body.matchAll(/<h2> ?<a href="\/courses\/\d+" ?><bdi dir="auto">(.*?)<\/bdi ?>/g)].map(
    ([, title]) => (title ?? "").replace(/<\/?mark>/g, ""),
  );
  return { count: Number(/Found: (\d+)/.exec(body)?.[1] ?? "0"), titles, body };
}

test("a word in a title counts for more than one in a text, and both lead to their course", async () => {
  const { titles, body } = await search("hills");
  expect(titles).toEqual(["Running in the &#60;b&#62;hills&#60;/b&#62;", "Engines of the hills", "A plain title"]);
  expect(body).toContain(`<a href="/courses/${courses.taught.toString()}"`);
  expect(body).toContain('Module in <bdi dir="auto">Engines</bdi>');
});

test("what was found is marked, and no text becomes markup", async () => {
  const { body } = await search("run");
  expect(body).toContain("<mark>Running</mark> in the &#60;b&#62;hills");
  expect(body).toContain("Children are <mark>running</mark> towards the old mills");
  const forged = await search("lighthouse");
  expect(forged.titles).toEqual(["Marked"]);
  expect(forged.body).toContain("forged mark of a <mark>lighthouse</mark>");
  expect(forged.body).not.toMatch(/<script|<mark>forged/);
});

test.each([
  ["children", "Running in the &#60;b&#62;hills&#60;/b&#62;"],
  ["haus", "Kapitel eins"],
  ["madchen", "Kapitel eins"],
  ["Fluss", "Kapitel eins"],
  ["cancion", "Uno"],
  ["jardín", "Uno"],
  ["鉱山", "鉱山連続"],
  ["مقدمة", "مقدمة &#38; &#60;b&#62;bold&#60;/b&#62;"],
  ["quiz one", "Quiz one"],
])("%s is found in its other forms, with or without accents, and in any script", async (text, title) => {
  expect((await search(text)).titles).toEqual([title]);
});

test("words must all be there, a phrase in its order, and a word with a minus not at all", async () => {
  expect((await search("hills body")).titles).toEqual(["A plain title"]);
  expect((await search('"hills stands"')).titles).toEqual(["A plain title"]);
  expect((await search('"stands hills"')).titles).toEqual([]);
  expect((await search("hills -running -engines")).titles).toEqual(["A plain title"]);
  expect((await search("steam or mills")).count).toBe(2);
});

test("only courses that the reader takes, teaches or governs are looked through", async () => {
  expect((await search("hills", await signedIn("bob"))).count).toBe(0);
  const governed = await search("hills", await signedIn("root"));
  expect(governed.titles).toHaveLength(3);
  expect(governed.body).not.toContain("Hidden");
});

test("a change of a text is found at once, and the old one no more", async () => {
  const change = (content: string) =>
    running.client.query("UPDATE learning.modules SET content = $1 WHERE id = $2", [content, learnmore + 107]);
  await change("Clockwork.");
  expect([(await search("clockwork")).count, (await search("steam")).count]).toEqual([1, 0]);
  await change("Steam and steel.");
});

test("twenty hits stand on a page, with links to the others", async () => {
  await running.client.query(
    `INSERT INTO learning.modules (source_system, legacy_id, course_id, position, title, content_type, content)
     SELECT 'learnmore', 'many-' || n, $1, 100 + n, 'Many ' || n, 'text', 'plenty' FROM generate_series(1, 45) n`,
    [courses.arabic],
  );
  const first = await search("plenty");
  expect([first.count, first.titles.length]).toEqual([45, 20]);
  expect(first.body).toContain('href="/search?q&#61;plenty&#38;page&#61;2"');
  const last = (await ada.get("/search?q=plenty&page=3")).body;
  expect([...last.matchAll(/<h2>/g)]).toHaveLength(5);
  expect((await ada.get("/search?q=plenty&page=4")).body).toContain("Nothing was found.");
});

const nonsense = [
  "?q=%00",
  "?q=",
  "",
  "?q=a&q=b",
  "?q[]=x",
  "?q=hills&page=-1",
  "?q=hills&page=9999999999",
  "?q=hills&page=x&page=y",
  "?q=%22%22%22%22",
  "?q=%F0%9F%98%80%ED%A0%80",
  `?q=${encodeURIComponent("& | ! <-> :* ( ' \\ \" -- or or - ")}`,
  `?q=${encodeURIComponent("the of a")}`,
  `?q=${"-".repeat(5000)}`,
  `?q=${encodeURIComponent("\u{E000}\u{E001}\u{FFFF}")}`,
];
test.each(nonsense)("whatever is typed is answered: %.60s", async (query) => {
  const answer = await ada.get(`/search${query}`);
  expect(answer.statusCode).toBe(200);
});

test("whatever is made of the marks that mean something is answered", async () => {
  const word = fc.constantFrom("-", '"', "or", "hills", " ", "''", "\\", '-"', "|", ":*", "<->", "!", "ß", "ꙮ");
  const typed = fc.array(word, { maxLength: 120 }).map((words) => words.join(""));
  await fc.assert(
    fc.asyncProperty(typed, async (text) => {
      expect((await ada.get(`/search?q=${encodeURIComponent(text)}`)).statusCode).toBe(200);
    }),
    { numRuns: 150 },
  );
});

test("texts of any length and kind can be kept", async () => {
  const words = Array.from({ length: 200_000 }, (_, number) => `word${number.toString(36)}ing`).join(" ");
  const change = (content: string) =>
    running.client.query("UPDATE learning.modules SET content = $1 WHERE id = $2", [content, learnmore + 107]);
  await change(words);
  expect((await search("word1ing")).count).toBe(1);
  await change("鉱".repeat(500_000));
  await change("x".repeat(3_000_000));
  await change("Steam and steel.");
});

test("a search makes fewer than ten queries", async () => {
  await search("hills");
  const counts = running.lines.flatMap(({ msg, queries }) => (msg === "request" ? [Number(queries)] : []));
  expect(counts.length).toBeGreaterThan(20);
  expect(Math.max(...counts)).toBeLessThan(10);
});

test("who is not signed in searches nothing", async () => {
  const answer = await running.browser().get("/search?q=hills");
  expect([answer.statusCode, answer.headers.location]).toEqual([303, "/sign-in?next=%2Fsearch%3Fq%3Dhills"]);
});
