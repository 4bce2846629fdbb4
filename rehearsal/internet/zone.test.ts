import { expect, test } from "vitest";
import { record, zoneWith } from "./testing.ts";
import { emptyZone } from "./store.ts";
import { recordsFor, zoneOf } from "./zone.ts";

test("a host belongs to the most specific zone", () => {
  const zones = ["example.com", "dev.example.com"].map(emptyZone);
  expect(zoneOf(zones, "www.dev.example.com")?.name).toBe("dev.example.com");
  expect(zoneOf(zones, "www.example.com")?.name).toBe("example.com");
  expect(zoneOf(zones, "notexample.com")).toBeUndefined();
});

test("a wildcard stands for names that have no records of their own", () => {
  const own = record({ id: "own", name: "www.example.com", type: "TXT" });
  const wildcard = record({ id: "wildcard", name: "*.example.com" });
  const zone = zoneWith([own, wildcard]);
  expect(recordsFor(zone, "www.example.com")).toEqual([own]);
  expect(recordsFor(zone, "a.example.com")).toEqual([wildcard]);
  expect(recordsFor(zone, "b.a.example.com")).toEqual([wildcard]);
  expect(recordsFor(zone, "example.com")).toEqual([]);
});
