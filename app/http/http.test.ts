import { Socket } from "node:net";
import { expect, test } from "vitest";
import { localPath } from "../accounts/routes.ts";
import { hostName } from "./host-check.ts";
import { answerTo, Problem } from "./problem.ts";
import { requestIdentity } from "./request-identity.ts";
import { trustedProxies } from "./trusted-proxies.ts";

test.each([
  ["localhost", "localhost"],
  ["Example.ORG:443", "example.org"],
  ["[::1]:8443", "::1"],
  ["10.0.0.1", "10.0.0.1"],
  [undefined, undefined],
  ["", undefined],
  ["a b", undefined],
  ["host:port", undefined],
  ["user@host", undefined],
  ["host/path", undefined],
])("the host header %j names %j", (header, name) => {
  expect(hostName(header)).toBe(name);
});

test("proxies are trusted by address and range, also where IPv4 comes in IPv6 form", () => {
  const isTrusted = trustedProxies(["10.0.0.0/8", "::1"]);
  expect(["10.1.2.3", "::ffff:10.1.2.3", "::1"].map(isTrusted)).toEqual([true, true, true]);
  expect(["11.0.0.1", "::2", ""].map(isTrusted)).toEqual([false, false, false]);
  expect(trustedProxies([])("127.0.0.1")).toBe(false);
});

test("a request without an id gets a random one", () => {
  const identify = requestIdentity(() => true);
  const request = { headers: {}, socket: new Socket() };
  expect(identify(request)).not.toBe(identify(request));
});

test("an error's own words are shown for a problem alone", () => {
  expect(answerTo(new Problem(404, "No such page."))).toEqual({ status: 404, sentence: "No such page." });
  expect(answerTo(new Error("password=hunter2"))).toMatchObject({ status: 500 });
  expect(answerTo(Object.assign(new Error("too large"), { statusCode: 413 }))).toMatchObject({ status: 413 });
  expect(answerTo(Object.assign(new Error("refused"), { code: "ECONNREFUSED" }))).toMatchObject({ status: 503 });
  expect(answerTo(new AggregateError([Object.assign(new Error("refused"), { code: "ECONNREFUSED" })]))).toMatchObject({
    status: 503,
  });
  for (const error of [new Error("hunter2"), Object.assign(new Error("hunter2"), { statusCode: 400 }), "hunter2"]) {
    expect(answerTo(error).sentence).not.toContain("hunter2");
  }
});

test.each(["/courses", "/courses/1?a=b", "/"])("%s is a path of this service", (path) => {
  expect(localPath(path)).toBe(path);
});

test.each(["", "courses", "//evil.example", "/\\evil.example", "/a\\b", "https://evil.example", "/\tevil", "/ü"])(
  "%j is not",
  (path) => {
    expect(localPath(path)).toBe("");
  },
);
