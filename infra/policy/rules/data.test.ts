import { expect, test } from "vitest";
import { types } from "../resource-types.ts";
import { being, faults, given, opted, untold, type Draft, type Mutations } from "../testing/estate.ts";
import { unknown } from "../value.ts";

const volume = (other: Partial<Draft>): Draft => ({ type: types.volume, ...other });

const broken: readonly (readonly [string, Mutations, string])[] = [
  ["S1", { password: opted({ protect: false }) }, "password is not protected: an update or a destroy may remove it"],
  ["S1", { disk: opted({ protect: false }) }, "disk is not protected: an update or a destroy may remove it"],
  ["S1", { files: volume({}) }, "files is not protected: an update or a destroy may remove it"],
  [
    "S1",
    { password: being({ change: "replace", replaceReasons: ["length"] }) },
    "password would be replaced because of length, and what it opens would be lost",
  ],
  [
    "S1",
    { disk: being({ change: "replace" }) },
    "disk would be replaced because of what it depends on, and what lies on the volume would be lost",
  ],
  ["S1", { disk: being({ change: "delete" }) }, "disk would be removed, and what lies on the volume would be lost"],
  ["S2", { backup: undefined }, "postgres is backed up by no container of the program"],
  ["S2", { "restore-check": undefined }, "postgres has no container that tries to restore its backups"],
];

test.each(broken)("%s is broken by each of its faults alone (%#)", (rule, mutations, message) => {
  expect(faults(rule, mutations)).toEqual([message]);
});

test.each([
  types.managedPostgres,
  types.bucket,
  types.domain,
  types.zone,
  types.authority,
  types.deployKey,
  "random:index/randomBytes:RandomBytes",
])("%s is to be protected", (type) => {
  expect(faults("S1", { held: { type } })).toHaveLength(1);
  expect(faults("S1", { held: { type, options: { protect: true } } })).toEqual([]);
  expect(faults("S1", { held: { type, options: { retainOnDelete: true } } })).toEqual([]);
});

test("what is only taken out of the state may go", () => {
  expect(faults("S1", { disk: being({ change: "delete", options: { retainOnDelete: true } }) })).toEqual([]);
});

test("volumes that an update fills anew, and ways to a disk, may go", () => {
  expect(
    faults("S1", { "app-secrets": being({ change: "delete" }), "postgres-data": being({ change: "delete" }) }),
  ).toEqual([]);
  expect(
    faults("S1", { "x-drafts": volume({}) }, { rules: { S1: { allow: ["*-drafts", "*-secrets"] } }, waivers: [] }),
  ).toEqual([]);
});

test("a volume of which it is not known where it leads is not evaluated", () => {
  expect(untold("S1", { "postgres-data": given({ driverOpts: unknown }) })).toEqual([
    "not evaluated",
    "postgres-data: driverOpts is not known before the change is made",
  ]);
  expect(untold("S2", { postgres: given({ labels: unknown }) })[0]).toBe("not evaluated");
});
