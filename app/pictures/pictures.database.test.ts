import { afterAll, beforeAll, expect, test } from "vitest";
import { startObjectStorage, type TestObjectStorage } from "../../test/services/object-storage.ts";
import type { Browser } from "../testing/browser.ts";
import { loadFixture, password } from "../testing/fixture.ts";
import { soon, startTestService, type TestService } from "../testing/test-service.ts";
import { largestPicture, pictureType } from "./picture.ts";

let media: TestObjectStorage;
let running: TestService;

beforeAll(async () => {
  media = await startObjectStorage();
  running = await startTestService({ configure: (configuration) => ({ ...configuration, media }) });
  await loadFixture(running.client);
}, 600_000);

afterAll(async () => {
  await running.close();
  await media.close();
});

const png = Buffer.from("\x89PNG\r\n\x1a\n and more", "latin1");

async function signedIn(name: string): Promise<Browser> {
  const browser = running.browser();
  await browser.signIn(name, password);
  return browser;
}

async function upload(browser: Browser, bytes: Buffer, given?: { token?: string }) {
  const page = await browser.get("/account");
  const token = /name="token" value="([^"]*)"/.exec(page.body)?.[1]?.replaceAll("&#61;", "=") ?? "";
  const form = new FormData();
  form.append("token", given?.token ?? token);
  form.append("picture", new Blob([new Uint8Array(bytes)], { type: "text/html" }), "evil.html");
  const request = new Request("http://localhost/", { method: "POST", body: form });
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  return running.service.server.inject({
    method: "POST",
    url: "/account/picture",
    headers: { host: "localhost:8443", cookie, "content-type": request.headers.get("content-type") ?? "" },
    payload: Buffer.from(await request.arrayBuffer()),
  });
}

test("a picture is kept, shown to its user alone, and removed", async () => {
  const ada = await signedIn("ada");
  expect((await ada.get("/account")).body).not.toContain("<img");
  expect((await ada.get("/account/picture")).statusCode).toBe(404);
  const answer = await upload(ada, png);
  expect([answer.statusCode, answer.headers.location]).toEqual([303, "/account"]);
  expect((await ada.get("/account")).body).toContain('<img src="/account/picture"');
  const shown = await ada.get("/account/picture");
  expect([shown.statusCode, shown.headers["content-type"]]).toEqual([200, "image/png"]);
  expect(shown.rawPayload.equals(png)).toBe(true);
  expect((await (await signedIn("bob")).get("/account/picture")).statusCode).toBe(404);
  expect((await running.browser().get("/account/picture")).statusCode).toBe(303);
  await ada.get("/account");
  expect((await ada.post("/account/picture/remove", {})).statusCode).toBe(303);
  expect((await ada.get("/account/picture")).statusCode).toBe(404);
});

test.each([
  ["a page that calls itself a picture", Buffer.from("<html><script>alert(1)</script>"), 400],
  ["a drawing that may hold scripts", Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"), 400],
  ["nothing", Buffer.alloc(0), 400],
  ["too much", Buffer.concat([png, Buffer.alloc(largestPicture)]), 413],
] as const)("%s is refused", async (_what, bytes, status) => {
  const bob = await signedIn("bob");
  expect((await upload(bob, bytes)).statusCode).toBe(status);
  expect((await bob.get("/account/picture")).statusCode).toBe(404);
});

test("a form that did not come from a page of ours is refused", async () => {
  expect((await upload(await signedIn("bob"), png, { token: "forged" })).statusCode).toBe(403);
});

test("while the storage is away the account page is shown, the picture is not, and readiness says why", async () => {
  const ada = await signedIn("ada");
  await upload(ada, png);
  const ready = async () => {
    const answer = await running.service.server.inject("/health/ready");
    return { code: answer.statusCode, ...answer.json<{ status: string; checks: Record<string, boolean> }>() };
  };
  await expect.poll(ready, soon).toMatchObject({ code: 200, status: "healthy", checks: { storage: true } });
  await media.stop();
  const page = await ada.get("/account");
  expect([page.statusCode, page.body.includes("cannot be shown right now")]).toEqual([200, true]);
  expect((await ada.get("/account/picture")).statusCode).toBe(503);
  await expect.poll(ready, soon).toMatchObject({ code: 200, status: "degraded", checks: { storage: false } });
  await media.start();
  expect((await ada.get("/account/picture")).statusCode).toBe(200);
});

test("a picture's type is what its first bytes say", () => {
  const type = (text: string) => pictureType(Buffer.from(text, "latin1"));
  expect([type("\xff\xd8\xff\xe0"), type("RIFF\0\0\0\0WEBPVP8 "), type("GIF89a"), type(" \x89PNG\r\n\x1a\n")]).toEqual([
    "image/jpeg",
    "image/webp",
    undefined,
    undefined,
  ]);
});
