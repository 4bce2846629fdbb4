import { expect, test } from "vitest";
import { drawText, SPECIAL, type Recipe } from "./characters.ts";

const recipe: Recipe = {
  length: 40,
  lower: true,
  upper: true,
  numeric: true,
  special: true,
  minLower: 0,
  minUpper: 0,
  minNumeric: 0,
  minSpecial: 0,
};

function count(text: string, characters: RegExp): number {
  return text.match(characters)?.length ?? 0;
}

test("a text has the demanded length and only allowed characters", () => {
  const text = drawText({ ...recipe, length: 500, special: false, upper: false });
  expect(text).toMatch(/^[a-z0-9]{500}$/);
});

test("every class is there as often as demanded, even where that is the whole text", () => {
  const text = drawText({ ...recipe, length: 10, minLower: 1, minUpper: 2, minNumeric: 3, minSpecial: 4 });
  expect([/[a-z]/g, /[A-Z]/g, /[0-9]/g, /[^a-zA-Z0-9]/g].map((characters) => count(text, characters))).toEqual([
    1, 2, 3, 4,
  ]);
});

test("the demanded characters do not stand in the order of their classes", () => {
  const texts = Array.from({ length: 50 }, () => drawText({ ...recipe, length: 8, minLower: 4, minNumeric: 4 }));
  expect(texts.every((text) => /^[a-z]{4}[0-9]{4}$/.test(text))).toBe(false);
});

test("special characters can be chosen", () => {
  expect(drawText({ ...recipe, lower: false, upper: false, numeric: false, overrideSpecial: "_-" })).toMatch(
    /^[-_]{40}$/,
  );
});

test("every character of a class can be drawn, and about equally often", () => {
  const only = { ...recipe, lower: false, upper: false, numeric: false, length: 21_000 };
  const text = drawText(only);
  const counts = Array.from(SPECIAL).map((character) => text.split(character).length - 1);
  // 1000 each on average; six standard deviations (31 each) to either side are missed once in 10^7 runs.
  expect(Math.min(...counts)).toBeGreaterThan(814);
  expect(Math.max(...counts)).toBeLessThan(1186);
});

test("two texts differ", () => {
  expect(drawText(recipe)).not.toBe(drawText(recipe));
});
