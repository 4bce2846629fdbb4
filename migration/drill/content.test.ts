import { expect, test } from "vitest";
import { differencesOf } from "./content.ts";

test("contents differ by what only one has, and by what is otherwise", () => {
  expect(differencesOf({ a: "1", b: "2", c: "3" }, { a: "1", b: "0", d: "3" })).toEqual(["b", "c", "d"]);
});
