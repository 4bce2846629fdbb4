import { expect, test } from "vitest";
import { arrayLiteral, identifier, literal } from "./quote.ts";

test("names keep to themselves", () => {
  expect(identifier('od"d')).toBe('"od""d"');
  expect(identifier("learning.courses")).toBe('"learning"."courses"');
});

test("texts keep to themselves, backslashes included", () => {
  expect(literal("O'Brien; DROP TABLE x--")).toBe("'O''Brien; DROP TABLE x--'");
  expect(literal("\\N")).toBe(" E'\\\\N'");
});

test("array elements keep to themselves", () => {
  expect(arrayLiteral(['a"b', "c,d", "e\\f"], "text")).toBe(` E'{"a\\\\"b","c,d","e\\\\\\\\f"}'::text[]`);
  expect(arrayLiteral([], "bigint")).toBe("'{}'::bigint[]");
});
