import { afterAll, beforeAll, expect, test } from "vitest";
import { compact, type Browser } from "../testing/browser.ts";
import { courses, insert, loadFixture, password } from "../testing/fixture.ts";
import { startTestService, type TestService } from "../testing/test-service.ts";

const window = 3 * 2 ** 40;
const origin = (legacy: number) => ({
  id: window + legacy,
  source_system: "unpuzzle",
  legacy_id: legacy.toString(),
});
const course = window + 60;

let running: TestService;
let browser: Browser;

beforeAll(async () => {
  running = await startTestService();
  const { client } = running;
  await loadFixture(client);
  const { rows } = await client.query<{ password: string }>(
    "SELECT password FROM accounts.users WHERE username = 'bob'",
  );
  await insert(client, "accounts.users", {
    ...origin(80),
    username: "vera@example.org",
    email: "vera@example.org",
    first_name: "Vera",
    last_name: "",
    password: rows[0]?.password,
    is_active: true,
    is_staff: false,
    is_superuser: false,
  });
  // Nobody teaches it any more, and it has neither slug nor a day on which it was made.
  await insert(client, "learning.courses", {
    ...origin(60),
    title: "Pieces",
    description: "",
    status: "draft",
    price: "12.50",
    currency: "EUR",
  });
  await insert(client, "learning.enrollments", {
    ...origin(70),
    user_id: window + 80,
    course_id: course,
    status: "active",
    progress_percentage: "33.33",
  });
  for (const [id, position, title] of [
    [2, 1, "Second"],
    [3, 0, "First"],
    [4, 2, "Empty"],
  ] as const)
    await insert(client, "learning.sections", { ...origin(id), course_id: course, position, title });
  for (const [id, section, title, seconds] of [
    [11, 3, "Edges <1>", 307],
    [12, 3, "Corners", null],
    [13, 2, "Sky", 3600],
  ] as const)
    await insert(client, "learning.videos", { ...origin(id), section_id: window + section, title, seconds });
  for (const [user, video, position, watched] of [
    [80, 11, 300.25, true],
    [80, 12, 61, false],
    [7, 13, 5, true],
  ] as const)
    await insert(client, "learning.video_progress", {
      user_id: window + user,
      video_id: window + video,
      source_system: "unpuzzle",
      legacy_id: `${user.toString()}:${video.toString()}`,
      position_seconds: position,
      watched,
    });
  browser = running.browser();
  await browser.signIn("vera@example.org", password);
});

afterAll(async () => {
  await running.close();
});

test("a course of videos is among the user's courses with the progress that its enrolment says", async () => {
  const body = compact((await browser.get("/courses")).body);
  expect(body).toContain('<bdi dir="auto">Pieces</bdi>');
  expect(body).toContain('value="33"');
  expect(body).toContain("1 of 3");
  expect(body).toContain('<td data-label="Enrolled">–</td>');
});

test("its page shows the sections in their order, the videos, and how far the user got", async () => {
  const answer = await browser.get(`/courses/${course.toString()}`);
  expect(answer.statusCode).toBe(200);
  const body = compact(answer.body);
  const places = ["First", "Edges &#60;1&#62;", "5 min 07 s", "5 min 00 s", "Corners", "1 min 01 s", "Second", "Sky"];
  const found = places.map((text) => body.indexOf(text));
  expect(found).toEqual(found.toSorted((one, other) => one - other));
  expect(found[0]).toBeGreaterThan(0);
  expect(body).toContain("<strong>Empty:</strong>none.");
  expect(body.match(/<span class="good">yes<\/span>/g)).toHaveLength(1);
  expect(body).toContain("<dt>Instructor</dt><dd>–</dd>");
  expect(body).toContain("<dt>Your enrolment</dt><dd>active</dd>");
  expect(body).not.toContain("Modules");
});

test("a course without an instructor is not everybody's", async () => {
  const other = running.browser();
  await other.signIn("bob", password);
  expect((await other.get(`/courses/${course.toString()}`)).statusCode).toBe(404);
  expect((await browser.get(`/courses/${courses.other.toString()}`)).statusCode).toBe(404);
});
