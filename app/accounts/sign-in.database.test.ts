import { afterAll, beforeAll, expect, test } from "vitest";
import { compact } from "../testing/browser.ts";
import { insert, loadFixture, password } from "../testing/fixture.ts";
import { legacyPasswords } from "../testing/legacy-passwords.ts";
import { operator, soon, startTestService, type TestService } from "../testing/test-service.ts";

let running: TestService;

beforeAll(async () => {
  running = await startTestService();
  await loadFixture(running.client);
  await running.operatorThere();
});

afterAll(async () => {
  await running.close();
});

const storedHash = async (username: string): Promise<string> => {
  const found = await running.client.query<{ password: string }>(
    "SELECT password FROM accounts.users WHERE username = $1",
    [username],
  );
  return found.rows[0]?.password ?? "";
};
const alert = (body: string): string => /role="alert"[^>]*>([^<]*)</.exec(body)?.[1] ?? "";
const refused = "The name and password do not fit, or the account cannot be used. Check both and try again.";

test("a migrated user signs in with the old password, whose hash is replaced by argon2id, and again after that", async () => {
  const browser = running.browser();
  const answer = await browser.signIn("ada", password);
  expect([answer.statusCode, answer.headers.location]).toEqual([303, "/"]);
  expect((await browser.get("/")).headers.location).toBe("/courses");
  expect(await storedHash("ada")).toMatch(/^argon2id\$/);
  const found = await running.client.query(
    "SELECT FROM accounts.users WHERE username = 'ada' AND last_sign_in_at IS NOT NULL",
  );
  expect(found.rowCount).toBe(1);
  const kept = await storedHash("ada");
  expect((await running.browser().signIn("ada", password)).statusCode).toBe(303);
  expect(await storedHash("ada")).toBe(kept);
  expect((await running.browser().signIn("ada", `${password}x`)).statusCode).toBe(401);
});

test("the session's cookie is for this host, over HTTPS, out of scripts' reach", async () => {
  const answer = await running.browser().signIn("ada", password);
  const cookie = String(answer.headers["set-cookie"]);
  expect(cookie).toMatch(/__Host-session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax/);
});

test("the e-mail serves as well, in any case", async () => {
  expect((await running.browser().signIn("aDa@example.ORG", password)).statusCode).toBe(303);
});

test("a user name that was typed in another form of the same characters is found", async () => {
  expect((await running.browser().signIn("zoe\u0308", password)).statusCode).toBe(303);
});

test.each([
  ["an unknown name", "nobody", password],
  ["a wrong password", "bob", "wrong"],
  ["an inactive account", "ines", password],
  ["an unusable password", "uma", "!unusable"],
  ["a name with a character that no name has", "a'; --", password],
])("%s is refused in the same words", async (_case, name, tried) => {
  const browser = running.browser();
  const answer = await browser.signIn(name, tried);
  expect([answer.statusCode, alert(answer.body)]).toEqual([401, refused]);
  expect(browser.cookies.has("__Host-session")).toBe(false);
  expect(answer.body).not.toContain(password);
});

test("a password that must be reset is refused with the word that it must", async () => {
  const answer = await running.browser().signIn("rita", password);
  expect([answer.statusCode, alert(answer.body)]).toEqual([
    401,
    "Your password has to be reset before you can sign in. Please ask for a reset.",
  ]);
  expect(alert((await running.browser().signIn("rita", "wrong")).body)).toBe(refused);
});

test("the same name in two systems asks which one, and only whoever knows the password", async () => {
  const browser = running.browser();
  const asked = await browser.signIn("eva", password);
  expect(compact(asked.body)).toContain('<input type="radio" name="system" value="unpuzzle" required />Unpuzzle');
  const answer = await browser.signIn("eva", password, { system: "unpuzzle" });
  expect(answer.statusCode).toBe(303);
  expect((await browser.get("/courses")).body).toContain("Puzzles");
  expect((await running.browser().signIn("eva", "wrong")).body).not.toContain("unpuzzle");
});

test("an e-mail of two accounts in one system asks for the user name", async () => {
  expect(alert((await running.browser().signIn("twins@example.org", password)).body)).toBe(
    "Several accounts have this e-mail. Sign in with the user name.",
  );
  expect((await running.browser().signIn("twin2", password)).statusCode).toBe(303);
});

test("signing in makes a new session and ends the one before; signing out ends it", async () => {
  const browser = running.browser();
  await browser.signIn("bob", password);
  const first = browser.cookies.get("__Host-session") ?? "";
  const page = await browser.get("/courses");
  expect(page.statusCode).toBe(200);
  await browser.post("/sign-in", { identifier: "bob", password });
  const second = browser.cookies.get("__Host-session") ?? "";
  expect(second).not.toBe(first);
  const withCookie = async (id: string) =>
    (await running.browser().get("/courses", { cookie: `__Host-session=${id}` })).statusCode;
  expect(await withCookie(first)).toBe(303);
  expect(await withCookie(second)).toBe(200);
  await browser.get("/courses");
  expect((await browser.post("/sign-out", {})).headers.location).toBe("/sign-in");
  expect(browser.cookies.has("__Host-session")).toBe(false);
  expect(await withCookie(second)).toBe(303);
});

test("a session ends when its password changes or its account is closed", async () => {
  const browser = running.browser();
  await browser.signIn("twin1", password);
  expect((await browser.get("/courses")).statusCode).toBe(200);
  await running.client.query("UPDATE accounts.users SET is_active = false WHERE username = 'twin1'");
  expect((await browser.get("/courses")).headers.location).toBe("/sign-in?next=%2Fcourses");
});

test("a form without its token, or with another browser's, changes nothing", async () => {
  const browser = running.browser();
  await browser.get("/sign-in");
  const without = await browser.post("/sign-in", { identifier: "ada", password, token: "" });
  expect(without.statusCode).toBe(403);
  const other = running.browser();
  await other.get("/sign-in");
  const stolen = /name="token" value="([^"]*)"/.exec((await other.get("/sign-in")).body)?.[1] ?? "";
  expect((await browser.post("/sign-in", { identifier: "ada", password, token: stolen })).statusCode).toBe(403);
  await browser.signIn("ada", password);
  expect((await browser.post("/sign-out", { token: stolen })).statusCode).toBe(403);
  expect((await browser.get("/courses")).statusCode).toBe(200);
});

test("too many failures of an account are refused for a while, whatever the address, and its owner's successes do not count", async () => {
  for (let count = 0; count < 12; count += 1)
    expect((await running.browser().signIn("zoë", password)).statusCode).toBe(303);
  for (let count = 0; count < 10; count += 1)
    expect((await running.browser().signIn("ZOË", "wrong")).statusCode).toBe(401);
  const answer = await running.browser().signIn("zoë", password);
  expect(answer.statusCode).toBe(429);
  expect(Number(answer.headers["retry-after"])).toBeGreaterThan(800);
});

test("too many failures from an address are refused for a while", async () => {
  const browser = running.browser();
  await browser.get("/sign-in");
  const tries = Array.from({ length: 100 }, (_, index) =>
    browser.post("/sign-in", { identifier: `guess${index.toString()}`, password }),
  );
  expect(new Set((await Promise.all(tries)).map(({ statusCode }) => statusCode))).toEqual(new Set([401]));
  expect((await browser.signIn("ada", password)).statusCode).toBe(429);
  expect((await running.browser().signIn("ada", password)).statusCode).toBe(303);
}, 60_000);

test("after signing in the page that was asked for is shown, and never one elsewhere", async () => {
  const browser = running.browser();
  expect((await browser.get("/account")).headers.location).toBe("/sign-in?next=%2Faccount");
  expect((await browser.get("/sign-in?next=%2Faccount")).body).toContain('name="next" value="/account"');
  expect((await browser.signIn("ada", password, { next: "/account" })).headers.location).toBe("/account");
  for (const next of ["//evil.example", "https://evil.example", "/\\evil.example", "/%09/evil\t"]) {
    expect((await running.browser().signIn("ada", password, { next })).headers.location).toBe("/");
  }
});

test("one real hash of every legacy scheme opens to its password at the sign-in page", async () => {
  const known = legacyPasswords().filter(({ password: old }) => old !== undefined);
  const byScheme = new Map(known.map((account) => [account.encoded.split("$")[0] ?? "", account]));
  expect([...byScheme.keys()].sort()).toEqual([
    "argon2",
    "bcrypt_sha256",
    "md5",
    "pbkdf2_sha1",
    "pbkdf2_sha256",
    "scrypt",
  ]);
  for (const [scheme, { encoded, password: old = "" }] of byScheme) {
    await insert(running.client, "accounts.users", {
      username: `old ${scheme}`,
      email: "",
      first_name: "",
      last_name: "",
      password: encoded,
      is_active: true,
      is_staff: false,
      is_superuser: false,
      joined_at: "2020-01-01T00:00:00Z",
    });
    expect((await running.browser().signIn(`old ${scheme}`, `${old}x`)).statusCode).toBe(401);
    expect((await running.browser().signIn(`old ${scheme}`, old)).statusCode).toBe(303);
    expect(await storedHash(`old ${scheme}`)).toMatch(/^argon2id\$/);
  }
});

test("the operator's account follows its secret, with several instances at once", async () => {
  expect((await running.browser().signIn(operator.username, operator.password)).statusCode).toBe(303);
  const before = await storedHash(operator.username);
  const changed = { ...operator, password: "another-password-of-tests" };
  await Promise.all([running.another({ operator: changed }), running.another({ operator: changed })]);
  await expect.poll(() => storedHash(operator.username), soon).not.toBe(before);
  expect((await running.browser().signIn(operator.username, changed.password)).statusCode).toBe(303);
  expect((await running.browser().signIn(operator.username, operator.password)).statusCode).toBe(401);
  const roles = await running.client.query(
    "SELECT FROM accounts.user_roles ur JOIN accounts.roles r ON r.id = ur.role_id WHERE r.name = 'operator'",
  );
  expect(roles.rowCount).toBe(1);
});
