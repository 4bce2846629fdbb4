import { afterAll, beforeAll, expect, test } from "vitest";
import { compact, type Browser } from "../testing/browser.ts";
import { insert, loadFixture, password } from "../testing/fixture.ts";
import { startTestService, type TestService } from "../testing/test-service.ts";

const window = 3 * 2 ** 40;
const origin = (legacy: number) => ({
  id: window + legacy,
  source_system: "unpuzzle",
  legacy_id: legacy.toString(),
});
// ada of the fixture.
const ada = 2 ** 40 + 1;
const bob = 2 ** 40 + 2;

let running: TestService;
let browser: Browser;

beforeAll(async () => {
  running = await startTestService();
  const { client } = running;
  await loadFixture(client);
  for (const [id, user, body, created, read] of [
    [1, ada, "Older", "2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z"],
    [2, ada, "Newer <b>", "2026-01-02T00:00:00Z", null],
    [3, ada, null, null, null],
    [4, bob, "Secret", "2026-01-02T00:00:00Z", null],
  ] as const)
    await insert(client, "notifications.notifications", {
      ...origin(id),
      user_id: user,
      kind: id === 3 ? null : "system",
      body,
      created_at: created,
      read_at: read,
    });
  browser = running.browser();
  await browser.signIn("ada", password);
});

afterAll(async () => {
  await running.close();
});

const inOrder = (body: string, texts: readonly string[]): void => {
  const found = texts.map((text) => body.indexOf(text));
  expect(found).not.toContain(-1);
  expect(found).toEqual(found.toSorted((one, other) => one - other));
};

test("a user sees what she was told, newest first, and what she has not read", async () => {
  const body = compact((await browser.get("/notifications")).body);
  expect(body).toContain("Your notifications (3)");
  inOrder(body, ["Newer &#60;b&#62;", "Older", "(no text)"]);
  expect(body.match(/<strong>unread<\/strong>/g)).toHaveLength(2);
  expect(body).not.toContain("Secret");
});

test.each([
  ["/notifications?page=2", "Your notifications (3)"],
  ["/notifications?page=nonsense", "Newer"],
])("%s is answered with %s", async (path, text) => {
  const answer = await browser.get(path);
  expect(answer.statusCode).toBe(200);
  expect(answer.body).toContain(text);
});

test("nobody sees the page without signing in", async () => {
  const answer = await running.browser().get("/notifications");
  expect([answer.statusCode, answer.headers.location]).toEqual([303, "/sign-in?next=%2Fnotifications"]);
});
