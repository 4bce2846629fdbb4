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
// ada of the fixture.
const ada = 2 ** 40 + 1;
const bob = 2 ** 40 + 2;

let running: TestService;
let browser: Browser;

beforeAll(async () => {
  running = await startTestService();
  const { client } = running;
  await loadFixture(client);
  for (const [id, user, course, started] of [
    [1, ada, courses.other, "2026-01-02T03:04:05Z"],
    [2, ada, null, null],
    [3, bob, null, "2026-01-02T03:04:05Z"],
  ] as const)
    await insert(client, "assistant.conversations", {
      ...origin(id),
      user_id: user,
      course_id: course,
      started_at: started,
    });
  for (const [id, role, content, at] of [
    [1, "assistant", "It is <a>", "2026-01-02T03:05:00Z"],
    [2, "user", "What is it?", "2026-01-02T03:04:05Z"],
    [3, null, null, null],
  ] as const)
    await insert(client, "assistant.messages", { ...origin(id), conversation_id: window + 1, role, content, at });
  for (const [id, prompts, completions] of [
    [1, 1000, 20],
    [2, 234, null],
  ] as const)
    await insert(client, "assistant.token_usage", {
      ...origin(id),
      user_id: ada,
      day: "2026-01-02",
      prompt_tokens: prompts,
      completion_tokens: completions,
      cost: "0.00000001",
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

test("a user sees her own conversations, newest first, and what they used", async () => {
  const answer = await browser.get("/conversations");
  expect(answer.statusCode).toBe(200);
  const body = compact(answer.body);
  expect(body).toContain("Your conversations (2)");
  inOrder(body, ["Puzzles", "1 Jan 2026, 22:04", "anything"]);
  expect(body).toContain("has read 1,234 tokens for you and written 20.");
});

test("a conversation shows its messages in the order in which they were said", async () => {
  const body = compact((await browser.get(`/conversations/${(window + 1).toString()}`)).body);
  inOrder(body, ["What is it?", "It is &#60;a&#62;", "(nothing)"]);
});

test.each([window + 3, window + 99, "0", "-1", "1e3", "abc"])("the conversation %s is not found", async (id) => {
  expect((await browser.get(`/conversations/${id.toString()}`)).statusCode).toBe(404);
});

test.each([
  ["/conversations?page=2", "Your conversations (2)"],
  ["/conversations?page=nonsense", "Puzzles"],
])("%s is answered with %s", async (path, text) => {
  const answer = await browser.get(path);
  expect(answer.statusCode).toBe(200);
  expect(answer.body).toContain(text);
});

test("nobody sees these pages without signing in", async () => {
  for (const path of ["/conversations", `/conversations/${(window + 1).toString()}`]) {
    const answer = await running.browser().get(path);
    expect([answer.statusCode, answer.headers.location]).toEqual([303, `/sign-in?next=${encodeURIComponent(path)}`]);
  }
});
