import { expect, test } from "vitest";
import { foreignVolumes } from "./ownership.ts";

const volume = (name: string): { urn: string; type: string; inputs: Record<string, unknown> } => ({
  urn: `urn:${name}`,
  type: "docker:index/volume:Volume",
  inputs: { name },
});

test("volumes of the state, and those that were just being made, are the clone's own", () => {
  const checkpoint = { resources: [volume("data")], pending: [{ type: "creating", resource: volume("cache") }] };
  expect(foreignVolumes(["data", "cache"], checkpoint)).toEqual([]);
});

test("volumes that an earlier update was making stay the clone's own after its pending operations were cleared", () => {
  expect(foreignVolumes(["data", "cache"], { resources: [volume("data")], pending: [] }, ["cache"])).toEqual([]);
});

test("every other volume is another clone's", () => {
  expect(foreignVolumes(["data", "old"], { resources: [volume("data")], pending: [] })).toEqual(["old"]);
  expect(foreignVolumes(["data"], undefined)).toEqual(["data"]);
});
