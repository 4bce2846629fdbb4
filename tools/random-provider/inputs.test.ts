import { expect, test } from "vitest";
import { changedInputs, checkInputs, given, resourceType } from "./inputs.ts";
import { secret, UNKNOWN } from "./values.ts";

const urn = (name: string): string =>
  `urn:pulumi:local::landfall::landfall:index:Postgres$random:index/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}::x`;

test("the type is read from the URN of a child", () => {
  expect(resourceType(urn("RandomPassword")).type).toBe("RandomPassword");
});

test("another type of the real provider is refused by its name", () => {
  expect(checkInputs(urn("RandomPet"), {})).toEqual([
    {
      property: "",
      reason: 'this provider stands in for "random" and has no resource type "random:index/randomPet:RandomPet"',
    },
  ]);
});

test("good inputs have no faults", () => {
  const inputs = { length: 24, special: false, keepers: { a: "b" }, __defaults: [], overrideSpecial: null };
  expect(checkInputs(urn("RandomPassword"), inputs)).toEqual([]);
});

test("every fault is told with its input", () => {
  const faults = checkInputs(urn("RandomPassword"), { special: "no", keepers: { a: 1 }, number: true });
  expect(faults.map(({ property }) => property).sort()).toEqual(["keepers", "length", "number", "special"]);
});

test("a length below the sum of the demanded characters is refused", () => {
  const [fault] = checkInputs(urn("RandomString"), { length: 3, minLower: 2, minUpper: 2 });
  expect(fault).toMatchObject({ property: "length", reason: expect.stringContaining("at least 4") as string });
});

test("a text without any class of characters is refused", () => {
  const none = { length: 3, lower: false, upper: false, numeric: false, special: false };
  expect(checkInputs(urn("RandomString"), none)).toHaveLength(1);
});

test("a value that is not known yet passes", () => {
  expect(checkInputs(urn("RandomPassword"), { length: UNKNOWN })).toEqual([]);
});

test("an id of no bytes is refused", () => {
  expect(checkInputs(urn("RandomId"), { byteLength: 0 })).toEqual([
    { property: "byteLength", reason: "must be at least 1" },
  ]);
});

test("secrets are read through their marks", () => {
  expect(given({ keepers: { a: secret("b") }, length: 3 })).toEqual({ keepers: { a: "b" }, length: 3 });
});

test("a default that is written out is no change", () => {
  expect(
    changedInputs("RandomPassword", { length: 8, lower: true, result: "x" }, { length: 8, numeric: true }),
  ).toEqual([]);
});

test("changed inputs are named, keepers whatever their order", () => {
  const old = { length: 8, keepers: { a: "1", b: "2" } };
  expect(changedInputs("RandomPassword", old, { length: 9, keepers: { b: "2", a: "1" } })).toEqual(["length"]);
  expect(changedInputs("RandomPassword", old, { length: 8, keepers: { a: "1", b: "3" } })).toEqual(["keepers"]);
});
