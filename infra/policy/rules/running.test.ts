import { expect, test } from "vitest";
import { being, faults, given, untold, type Mutations } from "../testing/estate.ts";
import { unknown } from "../value.ts";

const healthcheck = { tests: ["CMD", "true"], interval: "5s", timeout: "3s", retries: 3, startPeriod: "5s" };

const broken: readonly (readonly [string, Mutations, string])[] = [
  ["D6", { "postgres-healthy": undefined }, "postgres has no gate that waits for it"],
  ["D6", { "backup-done": being({ from: {} }) }, "backup has no gate that waits for it"],
  [
    "D6",
    { postgres: given({ healthcheck: { ...healthcheck, retries: undefined } }) },
    "postgres has a health check without retries",
  ],
  [
    "D6",
    { postgres: given({ healthcheck: { ...healthcheck, tests: ["NONE"] } }) },
    "postgres switches the health check of its image off",
  ],
  ["D7", { "app-1": given({ memory: undefined }) }, "app-1 has no limit on memory"],
  ["D7", { "app-1": given({ memory: 0 }) }, "app-1 has no limit on memory"],
  ["D7", { "app-1": given({ cpus: undefined }) }, "app-1 has no limit on processors"],
  ["D7", { "app-1": given({ logDriver: undefined }) }, "app-1 has no log driver of its own, so a log that only grows"],
  [
    "D7",
    { "app-1": given({ logOpts: { "max-size": "10m" } }) },
    "app-1 has a log that only grows: max-file missing from logOpts",
  ],
  ["D10", { "app-1": given({ restart: undefined }) }, "app-1 does not say whether it is started again"],
  [
    "D10",
    { "app-1": given({ restart: "on-failure" }) },
    "app-1 is to go on running, and its restart policy is on-failure",
  ],
  ["D10", { backup: given({ restart: "always" }) }, "backup is a job, and its restart policy is always"],
  ["D12", { postgres: given({ destroyGraceSeconds: undefined }) }, "postgres is killed without time to end its work"],
  ["D12", { "app-1": given({ destroyGraceSeconds: 10 }) }, "app-1 is a release and has 10 s to drain, less than 30 s"],
];

test.each(broken)("%s is broken by each of its faults alone (%#)", (rule, mutations, message) => {
  expect(faults(rule, mutations)).toEqual([message]);
});

test("a whole health check, and logs that rotate by themselves, are right", () => {
  expect(faults("D6", { postgres: given({ healthcheck }) })).toEqual([]);
  expect(faults("D7", { postgres: given({ logDriver: "local", logOpts: undefined }) })).toEqual([]);
  expect(faults("D12", { postgres: given({ destroyGraceSeconds: 10 }) })).toEqual([]);
});

test.each([
  ["D6", "healthcheck"],
  ["D7", "memory"],
  ["D10", "restart"],
  ["D12", "destroyGraceSeconds"],
])("%s is not evaluated without %s", (rule, property) => {
  expect(untold(rule, { "app-1": given({ [property]: unknown }) })).toEqual([
    "not evaluated",
    `app-1: ${property} is not known before the change is made`,
  ]);
});
