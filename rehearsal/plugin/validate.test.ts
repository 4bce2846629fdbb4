import { expect, test } from "vitest";
import type { PropertyTable } from "./validate.ts";
import { checkProperties } from "./validate.ts";
import { UNKNOWN } from "./values.ts";

const table: PropertyTable = {
  label: { shape: { type: "string" }, required: true },
  size: { shape: { type: "integer" } },
  labels: { shape: { type: "map", values: { type: "string" } } },
  rules: {
    shape: {
      type: "array",
      items: {
        type: "object",
        properties: { action: { shape: { type: "string" }, required: true }, open: { shape: { type: "boolean" } } },
      },
    },
  },
};

test("good values have no faults", () => {
  expect(checkProperties(table, { label: "a", size: 3, labels: { a: "b" }, rules: [{ action: "ACCEPT" }] })).toEqual(
    [],
  );
});

test("all faults are told at once, each with its path", () => {
  const faults = checkProperties(table, { size: "3", colour: "red", labels: { a: 1 }, rules: [{ open: 1 }, "x"] });
  expect(faults.map(({ property, reason }) => `${property} ${reason}`)).toEqual([
    'size must be a whole number, and is "3"',
    "colour there is no such property; there are label, size, labels, rules",
    "labels.a must be a text, and is 1",
    "rules[0].open must be true or false, and is 1",
    "rules[0].action is required and missing",
    'rules[1] must be an object, and is "x"',
    "label is required and missing",
  ]);
});

test("a value that is not known yet fits everywhere", () => {
  expect(checkProperties(table, { label: UNKNOWN, size: UNKNOWN, rules: [UNKNOWN], labels: UNKNOWN })).toEqual([]);
});

test("a number with a fraction is no whole number", () => {
  expect(checkProperties(table, { label: "a", size: 2.5 })).toHaveLength(1);
});
