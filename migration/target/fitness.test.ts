import { expect, test } from "vitest";
import { unfitness, type TargetFacts } from "./fitness.ts";

const fit: TargetFacts = {
  version: 150_004,
  encoding: "UTF8",
  readOnly: false,
  landed: false,
  mayMakeSchemas: true,
  mayUsePublic: true,
  unaccent: true,
};

test("an empty database of a recent server will do", () => {
  expect(unfitness(fit, true)).toEqual([]);
});

test("what keeps a database from being the target is told all at once", () => {
  const nothing = { landed: false, mayMakeSchemas: false, mayUsePublic: false, unaccent: false };
  const faults = unfitness({ version: 130_014, encoding: "LATIN1", readOnly: true, ...nothing }, false);
  expect(
    faults.map(
      (fault) => /PostgreSQL is 13|LATIN1|only be read|ON DATABASE|ON SCHEMA public|unaccent/.exec(fault)?.[0],
    ),
  ).toEqual(["PostgreSQL is 13", "LATIN1", "only be read", "ON DATABASE", "ON SCHEMA public", "unaccent"]);
});

test("a landed database needs neither the extension nor schemas any more, but for a staging copy", () => {
  const landed = { ...fit, landed: true, unaccent: false, mayMakeSchemas: false, mayUsePublic: false };
  expect(unfitness(landed, false)).toEqual([]);
  expect(unfitness(landed, true)).toEqual([expect.stringContaining("ON DATABASE")]);
});
