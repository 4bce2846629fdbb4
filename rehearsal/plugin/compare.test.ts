import { expect, test } from "vitest";
import { compare, givenKey } from "./compare.ts";
import type { PropertyTable } from "./validate.ts";
import { UNKNOWN } from "./values.ts";

const inputs: PropertyTable = {
  label: { shape: { type: "string" } },
  image: { shape: { type: "string" }, replaces: true },
  swap: { shape: { type: "integer" }, computed: true },
  metadata: {
    shape: {
      type: "array",
      items: { type: "object", properties: { data: { shape: { type: "string" }, replaces: true } } },
    },
  },
  interfaces: {
    shape: {
      type: "array",
      items: {
        type: "object",
        properties: { purpose: { shape: { type: "string" } }, id: { shape: { type: "integer" }, computed: true } },
      },
    },
  },
};
const outputs = {
  label: "a",
  image: "debian",
  swap: 512,
  status: "running",
  metadata: [{ data: "eA==" }],
  interfaces: [{ purpose: "public", id: 7 }],
  [givenKey]: { label: true, image: true, swap: true, metadata: [{ data: true }], interfaces: [{ purpose: true }] },
};
const same = { label: "a", image: "debian", metadata: [{ data: "eA==" }], interfaces: [{ purpose: "public" }] };

test("what the vendor has filled in is no change", () => {
  expect(compare({ inputs }, outputs, same)).toEqual({ changed: [], replacing: [] });
});

test("a change is told by its input's name, and whether it replaces", () => {
  expect(compare({ inputs }, outputs, { ...same, label: "b", image: "ubuntu" })).toEqual({
    changed: ["label", "image"],
    replacing: ["image"],
  });
});

test("a part that replaces makes the whole input replace", () => {
  expect(compare({ inputs }, outputs, { ...same, metadata: [{ data: "eQ==" }] }).replacing).toEqual(["metadata"]);
  expect(compare({ inputs }, outputs, { ...same, metadata: [] }).replacing).toEqual(["metadata"]);
  expect(compare({ inputs }, outputs, { ...same, interfaces: [{ purpose: "vpc" }] })).toEqual({
    changed: ["interfaces"],
    replacing: [],
  });
});

test("an input that was given and is left out now has changed", () => {
  const { label: _, ...rest } = same;
  expect(compare({ inputs }, outputs, rest).changed).toEqual(["label"]);
});

test("an output that was never given is no change", () => {
  const { label: _, ...rest } = same;
  expect(compare({ inputs }, { ...outputs, [givenKey]: {} }, rest).changed).toEqual([]);
});

test("a value that is not known yet counts as changed", () => {
  expect(compare({ inputs }, outputs, { ...same, image: UNKNOWN })).toEqual({
    changed: ["image"],
    replacing: ["image"],
  });
});
