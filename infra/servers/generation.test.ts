import { expect, test } from "vitest";
import { fixedWithGeneration, type GenerationInputs } from "./generation.ts";

const made: GenerationInputs = {
  server: "staging-g1",
  region: "eu-central",
  image: "linode/debian13",
  diskEncryption: true,
  swap: 1024,
  userDataHash: "a1",
};

test("a server that is to be made takes anything", () => {
  expect(fixedWithGeneration(undefined, made)).toEqual([]);
});

test("what only a new server can have is refused together, with what it was and the way to it", () => {
  const faults = fixedWithGeneration(made, { ...made, region: "us-east", diskEncryption: false });
  expect(faults.map(({ property }) => property)).toEqual(["region", "diskEncryption"]);
  expect(faults[0]?.reason).toContain('was made with "eu-central", and "us-east" comes only with its next generation');
});

test("other user data refuses nothing: it waits for the next generation", () => {
  expect(fixedWithGeneration(made, { ...made, userDataHash: "b2" })).toEqual([]);
});
