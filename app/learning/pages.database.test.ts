import { afterAll, beforeAll, expect, test } from "vitest";
import { compact, type Browser } from "../testing/browser.ts";
import { courses, loadFixture, password } from "../testing/fixture.ts";
import { startTestService, type TestService } from "../testing/test-service.ts";

let running: TestService;

beforeAll(async () => {
  running = await startTestService();
  await loadFixture(running.client);
});

afterAll(async () => {
  await running.close();
});

async function signedIn(name: string): Promise<Browser> {
  const browser = running.browser();
  await browser.signIn(name, password);
  return browser;
}

test("a user sees the courses that she takes with their progress, and those that she teaches", async () => {
  const answer = await (await signedIn("ada")).get("/courses");
  expect(answer.statusCode).toBe(200);
  const body = compact(answer.body);
  const taken = /Your courses[\s\S]*?<\/table>/.exec(body)?.[0] ?? "";
  expect(taken).toContain(
    `<a href="/courses/${courses.arabic.toString()}"><bdi dir="auto">مقدمة &#38; &#60;b&#62;bold&#60;/b&#62;</bdi></a>`,
  );
  expect(taken).toContain('value="50"');
  expect(taken).toContain("1 of 3");
  expect(taken).toContain("1 Jan 2021, 07:00 (America/Bogota)");
  expect(taken).not.toContain("Engines");
  expect(/Courses that you teach[\s\S]*?<\/table>/.exec(body)?.[0]).toContain("Engines");
});

test("a course page shows modules, progress, prerequisites and quiz attempts", async () => {
  const answer = await (await signedIn("ada")).get(`/courses/${courses.arabic.toString()}`);
  expect(answer.statusCode).toBe(200);
  const body = compact(answer.body);
  expect(body).toContain('<h1 dir="auto">مقدمة &#38;');
  expect(body).toContain('<dt>Prerequisites</dt><dd><bdi dir="auto">Foreign</bdi></dd>');
  expect(body.indexOf("Begin")).toBeLessThan(body.indexOf("Go on"));
  expect(body).toContain("26 h 03 min");
  expect(body).toContain('datetime="2021-02-03T04:05:06.000Z"');
  expect(body).toContain("5 min 07 s");
  expect(body).toContain("Quiz one");
  expect(body).toContain('<td data-label="Score" class="number">75.5</td>');
  expect(body).toContain("3 of 4");
  expect(body).toContain('<span class="good">passed</span>');
});

test.each([
  ["ada", courses.arabic, 200],
  ["ada", courses.taught, 200],
  ["ada", courses.foreign, 404],
  ["bob", courses.arabic, 404],
  ["root", courses.taught, 200],
  ["root", courses.other, 404],
] as const)("%s asking for course %i gets %i", async (name, id, status) => {
  const answer = await (await signedIn(name)).get(`/courses/${id.toString()}`);
  expect(answer.statusCode).toBe(status);
});

test("whoever looks without being enrolled sees the modules and nobody's progress", async () => {
  const { body } = await (await signedIn("root")).get(`/courses/${courses.arabic.toString()}`);
  expect(body).toContain("Begin");
  expect(body).not.toMatch(/26 h|75\.5|enrolment/);
});

test.each(["0", "-1", "1e3", "99999999999999999", "abc", "1%00"])("the course %s is not found", async (id) => {
  expect((await (await signedIn("ada")).get(`/courses/${id}`)).statusCode).toBe(404);
});

test("nobody sees a page without signing in", async () => {
  for (const path of ["/courses", "/courses/1", "/account"]) {
    const answer = await running.browser().get(path);
    expect([answer.statusCode, answer.headers.location]).toEqual([303, `/sign-in?next=${encodeURIComponent(path)}`]);
  }
});

test("the account page shows the user's own profile and roles", async () => {
  const { body } = await (await signedIn("ada")).get("/account");
  for (const text of [
    "Ada &#60;Lovelace&#62;",
    "Ada@Example.org",
    "LearnMore",
    "students",
    "Counts.",
    "America/Bogota",
  ]) {
    expect(body).toContain(text);
  }
});

test("every page makes fewer than ten queries and is kept by nobody", async () => {
  const browser = await signedIn("ada");
  for (const path of ["/courses", `/courses/${courses.arabic.toString()}`, "/account"]) {
    expect((await browser.get(path)).headers["cache-control"]).toBe("no-store");
  }
  const counts = running.lines.flatMap(({ msg, queries }) => (msg === "request" ? [Number(queries)] : []));
  expect(Math.max(...counts)).toBeGreaterThanOrEqual(5);
  expect(Math.max(...counts)).toBeLessThan(10);
});
