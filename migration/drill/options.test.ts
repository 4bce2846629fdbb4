import { expect, test } from "vitest";
import { readOptions } from "./options.ts";

test("a drill without a word is 200 kills over all systems", () => {
  const { kills, systems, chunkRows, minutes } = readOptions([]);
  expect({ kills, chunkRows, minutes }).toEqual({ kills: 200, chunkRows: 200, minutes: 120 });
  expect(systems).toHaveLength(5);
});

test.each([
  [["--kills", "many"], '--kills: must be a whole number above 0, is "many"'],
  [["--seed", "-"], '--seed: must be a whole number above 0, is "-"'],
  [["--systems", "learnmore,nowhere"], /^--systems: must be of learnmore, .*, is "nowhere"$/],
  [["--help"], "Unknown option '--help'"],
])("%j is refused with what is allowed", (words, told) => {
  expect(() => readOptions(words)).toThrow(told);
});
