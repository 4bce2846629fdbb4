import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { cloudOfEnvironment, openCloud } from "./open.ts";
import { readRecords, withCloudLock, writeRecords } from "./records.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

test("a process whose environment names no cloud is refused", () => {
  vi.stubEnv("LANDFALL_REHEARSAL", undefined);
  expect(cloudOfEnvironment).toThrow("LANDFALL_REHEARSAL is not set");
  vi.stubEnv("LANDFALL_REHEARSAL", "/nowhere");
  expect(cloudOfEnvironment).toThrow("not the folder of a rehearsal cloud");
});

test("a stack's name that Docker or the packet filter could not carry is refused", async () => {
  await expect(openCloud("Staging_1")).rejects.toThrow("cannot be rehearsed");
});

test("changes of one section wait for each other, and one that fails hinders no other", async () => {
  const folder = mkdtempSync(join(tmpdir(), "cloud-"));
  const cloud = { stack: "staging", folder, prefix: "198.51.100", tokens: { linode: "", cloudflare: "" } };
  const add = (): Promise<void> =>
    withCloudLock(cloud, async () => {
      const count = readRecords(cloud, "count", 0);
      await new Promise(setImmediate);
      writeRecords(cloud, "count", count + 1);
    });
  const failing = withCloudLock(cloud, () => Promise.reject(new Error("no")));
  await Promise.allSettled([add(), failing, add(), add()]);
  expect(readRecords(cloud, "count", 0)).toBe(3);
  writeFileSync(join(folder, "count.json"), "{");
  expect(() => readRecords(cloud, "count", 0)).toThrow("is damaged");
  rmSync(folder, { recursive: true });
});
