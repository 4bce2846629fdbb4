import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore } from "./store.ts";
import { record } from "./testing.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "zones-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test("zones outlive the program", () => {
  const path = join(folder, "zones.json");
  const first = openStore(path, ["example.com"]);
  const [zone] = first.all();
  if (zone === undefined) throw new Error("There is no zone.");
  first.put({ ...zone, records: [record()] });
  const second = openStore(path, ["example.com", "example.org"]);
  expect(second.find(zone.id)?.records).toEqual([record()]);
  expect(second.all().map(({ name }) => name)).toEqual(["example.com", "example.org"]);
  expect(openStore(path, []).all()).toEqual([]);
});

test("a damaged file is not taken for an empty one", () => {
  writeFileSync(join(folder, "zones.json"), "[{");
  expect(() => openStore(join(folder, "zones.json"), ["example.com"])).toThrow();
});
