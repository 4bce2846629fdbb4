import { expect, test } from "vitest";
import { alignedList, readPlaces } from "./places.ts";

test("texts stand below each other, their further lines too", () => {
  expect(
    alignedList([
      { title: "Service", text: "https://localhost" },
      { title: "Go", text: "one\ntwo" },
    ]),
  ).toEqual(["  Service  https://localhost", "  Go       one\n           two"]);
});

test("nothing to say is no lines", () => {
  expect(alignedList([])).toEqual([]);
});

test("places are read from the stack's outputs in their order", () => {
  const whereThingsAre = [
    { title: "Service", text: "https://localhost" },
    { title: "Console", text: "https://localhost/console" },
  ];
  expect(readPlaces({ whereThingsAre })).toEqual(whereThingsAre);
  expect(readPlaces({})).toEqual([]);
});
