import { expect, test } from "vitest";
import { segmentsOf, spellings } from "./legacy-path.ts";

test.each([
  ["entries/1.png", ["entries", "1.png"]],
  ["./entries//./1.png", ["entries", "1.png"]],
  ["v/0/é 0.mp4", ["v", "0", "é 0.mp4"]],
  ["..a/b..", ["..a", "b.."]],
  [" a", [" a"]],
  ["10:30.png", ["10:30.png"]],
])("%j is followed", (path, segments) => {
  expect(segmentsOf(path)).toEqual(segments);
});

test.each([
  [null, "names no file"],
  ["", "names no file"],
  ["../etc/passwd", "leads out"],
  ["a/../../b", "leads out"],
  ["a/..", "leads out"],
  ["/etc/passwd", "absolute"],
  ["a\\..\\b", "backslash"],
  ["a\0.png", "NUL"],
  ["a/", "folder's"],
  ["./.", "folder's"],
  ["C:/a.png", "drive"],
  ["https://example.org/a.png", "address"],
])("%j is not followed", (path, reason) => {
  expect(segmentsOf(path)).toMatchObject({ fault: expect.stringContaining(reason) as string });
});

test("a name with accents is looked for composed and decomposed", () => {
  expect(spellings("é")).toEqual(["é", "e\u0301"]);
  expect(spellings("e\u0301")).toEqual(["e\u0301", "é"]);
  expect(spellings("plain")).toEqual(["plain"]);
});
