import { expect, test } from "vitest";
import { alignedList } from "./places.ts";

test("texts stand below each other, their further lines too", () => {
  expect(alignedList({ Service: "https://localhost", Go: "one\ntwo" })).toEqual([
    "  Service  https://localhost",
    "  Go       one\n           two",
  ]);
});

test("nothing to say is no lines", () => {
  expect(alignedList({})).toEqual([]);
});
