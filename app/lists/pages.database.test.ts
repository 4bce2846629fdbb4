import { afterAll, beforeAll, expect, test } from "vitest";
import { compact } from "../testing/browser.ts";
import { insert, loadFixture, password } from "../testing/fixture.ts";
import { startTestService, type TestService } from "../testing/test-service.ts";

let running: TestService;

const window = 5 * 2 ** 40;
const lara = window + 1;
const uuid = (number: number): string => `00000000-0000-4000-8000-${number.toString().padStart(12, "0")}`;

async function user(id: number, username: string): Promise<void> {
  await running.client.query(
    `INSERT INTO accounts.users (id, source_system, legacy_id, username, email, first_name, last_name, password, is_active, is_staff, is_superuser, joined_at)
     SELECT $1, 'listcutter', $2, $3, '', '', '', password, true, false, false, now() FROM accounts.users WHERE username = 'bob'`,
    [id, (id - window).toString(), username],
  );
}

async function list(number: number, row: Record<string, unknown>, state?: Record<string, unknown>): Promise<void> {
  const fileId = window + 1000 + number;
  const { size, ...rest } = row;
  await insert(running.client, "media.files", { id: fileId, size });
  if (state !== undefined) await insert(running.client, "media.transfers", { file_id: fileId, ...state });
  await insert(running.client, "lists.files", {
    id: uuid(number),
    file_id: fileId,
    columns: "[]",
    status: "ready",
    user_id: lara,
    ...rest,
  });
}

beforeAll(async () => {
  running = await startTestService();
  await loadFixture(running.client);
  await user(lara, "lara");
  await user(window + 2, "otto");
  const landed = { state: "landed", size: 2745, digest: "00", digest_algorithm: "sha256" };
  await list(1, { name: "O'Brien <b>", uploaded_at: "2024-01-01T00:00:00Z", row_count: 43, size: 2745 }, landed);
  await list(
    2,
    { name: "", uploaded_at: "2025-01-01T00:00:00Z", size: 8_600_000_000 },
    { state: "missing", reason: "gone" },
  );
  await list(3, { name: "Deleted", uploaded_at: "2025-01-02T00:00:00Z", deleted_at: "2025-01-03T00:00:00Z" });
  await list(4, { name: "Somebody else's", uploaded_at: "2025-01-02T00:00:00Z", user_id: window + 2 });
  for (const id of [1, 2]) {
    await insert(running.client, "lists.cut_jobs", {
      id,
      source_file_id: uuid(1),
      result_file_id: id === 1 ? uuid(1) : null,
      state: "done",
      rows_in: 43,
      started_at: "2024-02-01T00:00:00Z",
      error: "",
    });
  }
  for (const [id, owner, name] of [
    [1, lara, "Bogotá"],
    [2, window + 2, "Otto's"],
  ] as const) {
    await insert(running.client, "lists.saved_filters", {
      id,
      user_id: owner,
      name,
      criteria: JSON.stringify({ and: [{ op: "eq", col: "city", val: "<Bogotá>" }] }),
      is_shared: true,
      created_at: "2024-02-01T00:00:00Z",
      updated_at: "2024-02-01T00:00:00Z",
    });
  }
});

afterAll(async () => {
  await running.close();
});

async function page(name: string, path = "/lists"): Promise<string> {
  const browser = running.browser();
  await browser.signIn(name, password);
  const answer = await browser.get(path);
  expect(answer.statusCode).toBe(200);
  return compact(answer.body);
}

test("a user sees her own lists, the newest first, and what became of their files", async () => {
  const body = await page("lara");
  expect(body).toContain("<caption>Your lists (2)</caption>");
  const rows = [...body.matchAll(/<tr><th scope="row">([^]*?)<\/tr>/g)].map(([, row = ""]) => row);
  expect(rows[0]).toContain("(no name)");
  expect(rows[0]).toContain('<span class="bad">lost</span>');
  expect(rows[0]).toContain("8.6 GB");
  expect(rows[1]).toContain('<bdi dir="auto">O&#39;Brien &#60;b&#62;</bdi>');
  expect(rows[1]).toContain('<td data-label="Rows" class="number">43</td>');
  expect(rows[1]).toContain('<td data-label="Cuts" class="number">2</td>');
  expect(rows[1]).toContain('<span class="good">here</span>');
  expect(body).not.toContain("Deleted");
  expect(body).not.toContain("Somebody else");
});

test("a user sees her own saved filters with their conditions", async () => {
  const body = await page("lara");
  expect(body).toContain('<bdi dir="auto">Bogotá</bdi>');
  expect(body).toContain("&#60;Bogotá&#62;");
  expect(body).not.toContain("Otto");
});

test("who has no lists is told so, also on a page that is none", async () => {
  expect(await page("bob")).toMatch(/<strong>Your lists \(0\):<\/strong>\s*none/);
  expect(await page("lara", "/lists?page=-3")).toContain("Your lists (2)");
});

test("nobody sees lists without signing in", async () => {
  expect((await running.browser().get("/lists")).statusCode).toBe(303);
});
