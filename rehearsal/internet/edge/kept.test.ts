import { expect, test } from "vitest";
import { forCache, hasAlready } from "./kept.ts";

test.each([
  [{ "if-none-match": '"a"' }, { etag: '"a"' }, true],
  [{ "if-none-match": 'W/"a", "b"' }, { etag: '"a"' }, true],
  [{ "if-none-match": '"b"' }, { etag: '"a"' }, false],
  [{ "if-none-match": "*" }, {}, true],
  [{ "if-none-match": '"a"' }, {}, false],
  [
    { "if-modified-since": "Thu, 01 Jan 2026 00:00:00 GMT" },
    { "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT" },
    true,
  ],
  [
    { "if-modified-since": "Thu, 01 Jan 2026 00:00:00 GMT" },
    { "last-modified": "Fri, 02 Jan 2026 00:00:00 GMT" },
    false,
  ],
  [{}, { etag: '"a"', "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT" }, false],
])("a visitor with %j has %j already: %s", (asked, kept, expected) => {
  expect(hasAlready(asked, kept)).toBe(expected);
});

test("what is kept for everybody is asked for without one visitor's conditions", () => {
  const plan = { kind: "keep", key: "", encoding: "gzip", edge: undefined, browser: undefined } as const;
  const given = { "if-none-match": '"a"', "accept-encoding": "zstd", accept: "*/*" };
  expect(forCache(plan, given)).toEqual({ "accept-encoding": "gzip", accept: "*/*" });
  expect(forCache({ kind: "pass", status: "DYNAMIC" }, given)).toBe(given);
});
