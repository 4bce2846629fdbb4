import { expect, test } from "vitest";
import { headerFaults } from "./header-table.ts";
import { parseHttpAnswer, valuesOf } from "./http.ts";

const table = { "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin" };
const good = [
  "HTTP/2 200 ",
  "date: Sat, 21 Nov 2026 14:35:49 GMT",
  "set-cookie: __Host-form=f; Path=/; HttpOnly; Secure; SameSite=Lax",
  "set-cookie: other=g",
  "x-frame-options: DENY",
  "referrer-policy: same-origin",
  "server: cloudflare",
  "",
  "<!doctype html>\r\n\r\n<title>Sign in</title>",
];
const answer = (lines: readonly string[]) => parseHttpAnswer(lines.join("\r\n"));
const withLine = (line: string) => answer([...good.slice(0, 3), line, ...good.slice(3)]);

test("what curl prints is read: version, status, every header line, body", () => {
  expect(answer(good)).toMatchObject({
    version: "2",
    status: 200,
    body: "<!doctype html>\r\n\r\n<title>Sign in</title>",
  });
  expect(valuesOf(answer(good), "Set-Cookie")).toHaveLength(2);
  expect(() => parseHttpAnswer("hello\n")).toThrow('no HTTP answer, but "hello"');
});

test("an answer with each header once and as wanted has no fault", () => {
  expect(headerFaults(answer(good), table)).toEqual([]);
});

test("a missing, a wrong and a doubled header are faults", () => {
  expect(headerFaults(answer(good.filter((line) => !line.startsWith("x-frame"))), table)).toEqual([
    "X-Frame-Options is missing",
  ]);
  expect(headerFaults(answer(good.map((line) => line.replace("DENY", "SAMEORIGIN"))), table)).toEqual([
    'X-Frame-Options is "SAMEORIGIN"',
  ]);
  expect(headerFaults(withLine("x-frame-options: DENY"), table)).toEqual(["x-frame-options stands there 2 times"]);
  expect(headerFaults(withLine("date: now"), table)).toEqual(["date stands there 2 times"]);
});

test("what tells too much is a fault: versions, frameworks, a hidden address", () => {
  expect(headerFaults(withLine("x-powered-by: Express"), table)).toEqual(['x-powered-by tells "Express"']);
  expect(headerFaults(answer(good.map((line) => line.replace("cloudflare", "nginx/1.26.3"))), table)).toEqual([
    'server tells "nginx/1.26.3"',
  ]);
  expect(headerFaults(withLine("x-origin: 198.51.100.64"), table, ["198.51.100.64"])).toEqual([
    "x-origin gives 198.51.100.64 away",
  ]);
});
