import { afterAll, beforeAll, expect, test } from "vitest";
import { compact, type Browser } from "../testing/browser.ts";
import { insert, loadFixture, password } from "../testing/fixture.ts";
import { startTestService, type TestService } from "../testing/test-service.ts";

const dirfinal = 2 * 2 ** 40;
let running: TestService;

beforeAll(async () => {
  running = await startTestService();
  await loadFixture(running.client);
  await loadDirectory();
});

afterAll(async () => {
  await running.close();
});

const origin = (number: number): Record<string, unknown> => ({
  id: dirfinal + number,
  source_system: "dirfinal",
  legacy_id: number.toString(),
});

/** dora has contacts and is in a family; emil has one contact, and has made the family. */
async function loadDirectory(): Promise<void> {
  const { client } = running;
  const hash = await client.query<{ password: string }>("SELECT password FROM accounts.users WHERE username = 'ada'");
  for (const [number, username] of [
    [1, "dora"],
    [2, "emil"],
  ] as const) {
    await insert(client, "accounts.users", {
      ...origin(number),
      username,
      email: "",
      first_name: "",
      last_name: "",
      password: hash.rows[0]?.password,
      is_active: true,
      is_staff: false,
      is_superuser: false,
    });
  }
  const contacts: [number, number | null, Record<string, unknown>][] = [
    [1, 1, { name: "Zoë <Last>", phone: "+57 300 123", tags: ["work", "vip"], category: "business" }],
    [2, 1, { name: "أحمد", email: "100%@people.example", status: "rejected" }],
    [3, 1, { name: "" }],
    [4, 2, { name: "Of Emil" }],
    [5, null, { name: "Of nobody" }],
  ];
  for (const [number, owner, more] of contacts) {
    await insert(client, "directory.contacts", {
      ...origin(number),
      owner_id: owner === null ? null : dirfinal + owner,
      ...more,
    });
  }
  await insert(client, "directory.contact_images", { ...origin(1), contact_id: dirfinal + 1, path: "entries/1.png" });
  await insert(client, "directory.families", { ...origin(1), name: "Gil & family", created_by: dirfinal + 2 });
  await insert(client, "directory.families", { ...origin(2), name: "Strangers" });
  const members: [number, number, number | null][] = [
    [1, 1, 1],
    [2, 1, 4],
    [3, 1, null],
    [4, 2, 5],
  ];
  for (const [number, family, contact] of members) {
    await insert(client, "directory.family_members", {
      ...origin(number),
      family_id: dirfinal + family,
      contact_id: contact === null ? null : dirfinal + contact,
      role: "parent",
      born: "1947-09-27",
    });
  }
  // Parents of one another: a legacy directory holds such things.
  for (const [number, from, to] of [
    [1, 1, 2],
    [2, 2, 1],
    [3, 1, 3],
  ] as const) {
    await insert(client, "directory.family_relationships", {
      ...origin(number),
      from_member_id: dirfinal + from,
      to_member_id: dirfinal + to,
      kind: "parent",
    });
  }
  for (const [number, query, at] of [
    [1, "undated", null],
    [2, "older", "2026-01-01T00:00:00Z"],
    [3, "newer", "2026-01-02T00:00:00Z"],
  ] as const) {
    await insert(client, "directory.searches", { ...origin(number), user_id: dirfinal + 1, query, at, results: 7 });
  }
}

async function signedIn(name: string): Promise<Browser> {
  const browser = running.browser();
  await browser.signIn(name, password);
  return browser;
}

async function pageOf(name: string, path = "/contacts"): Promise<string> {
  const answer = await (await signedIn(name)).get(path);
  expect(answer.statusCode).toBe(200);
  return compact(answer.body);
}

test("a user sees her own contacts, whatever became of them, and nobody else's", async () => {
  const body = await pageOf("dora");
  const contacts = /Your contacts[\s\S]*?<\/table>/.exec(body)?.[0] ?? "";
  expect(contacts).toContain("Your contacts (3)");
  expect(contacts).toContain("Zoë &#60;Last&#62;");
  expect(contacts).toContain('<bdi dir="auto">work</bdi>,<bdi dir="auto">vip</bdi>');
  expect(contacts).toContain('<td data-label="Images" class="number">1</td>');
  expect(contacts).toContain("rejected");
  expect(contacts).toContain("(no name)");
  expect(body).not.toContain("Of nobody");
  expect(contacts).not.toContain("Of Emil");
});

test("contacts are filtered by a part of name, phone or e-mail, and signs that SQL knows stand for themselves", async () => {
  const found = async (text: string): Promise<string | undefined> =>
    /Your contacts \(\d+\)/.exec(await pageOf("dora", `/contacts?q=${encodeURIComponent(text)}`))?.[0];
  expect(await found("ZOË")).toBe("Your contacts (1)");
  expect(await found("300")).toBe("Your contacts (1)");
  expect(await found("100%@")).toBe("Your contacts (1)");
  expect(await found("%")).toBe("Your contacts (1)");
  expect(await found("_")).toBe("Your contacts (0)");
  expect(await found("\\")).toBe("Your contacts (0)");
});

test("a user sees the families of her contacts with all members, however they are related", async () => {
  const body = await pageOf("dora");
  expect(body).toContain('<bdi dir="auto">Gil &#38; family</bdi>');
  expect(body).toContain(
    '<bdi dir="auto">parent</bdi>of<bdi dir="auto">Of Emil</bdi>;<bdi dir="auto">parent</bdi>of (contact gone)',
  );
  expect(body).toContain('<td data-label="Born">1947-09-27</td>');
  expect(body).not.toContain("Strangers");
});

test("who has made a family sees it", async () => {
  expect(await pageOf("emil")).toContain("Gil &#38; family");
});

test("the newest searches come first, and those of an unknown time last", async () => {
  const body = await pageOf("dora");
  const searches = body.slice(body.indexOf("What you looked for last"));
  const places = ["newer", "older", "undated"].map((query) => searches.indexOf(query));
  expect(places).toEqual([...places].sort((one, other) => one - other));
  expect(places.every((place) => place > 0)).toBe(true);
});

test("a user of another system has no contacts, and a stranger sees nothing", async () => {
  const body = await pageOf("ada");
  expect(body).toContain("Your contacts (0)");
  expect(body).not.toMatch(/Families|looked for last/);
  const answer = await running.browser().get("/contacts");
  expect([answer.statusCode, answer.headers.location]).toEqual([303, "/sign-in?next=%2Fcontacts"]);
});

test.each(["/contacts?page=0", "/contacts?page=9e9", "/contacts?page=2&page=3", "/contacts?q=%00%ff"])(
  "%s is the first page",
  async (path) => {
    expect(await pageOf("dora", path)).toContain("Zoë");
  },
);
