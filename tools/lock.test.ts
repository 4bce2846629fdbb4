import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { inTurn, withLock } from "./lock.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lock-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test("two holders of a lock take turns", async () => {
  const path = join(folder, "lock");
  const events: string[] = [];
  const work = async (name: string): Promise<void> => {
    events.push(`${name} begins`);
    await turn();
    events.push(`${name} ends`);
  };
  await Promise.all([withLock(path, () => work("first")), withLock(path, () => work("second"))]);
  expect(events).toEqual(["first begins", "first ends", "second begins", "second ends"]);
});

test("a lock is given back when the work fails", async () => {
  const path = join(folder, "lock");
  await expect(withLock(path, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(existsSync(path)).toBe(false);
});

test("the lock of a process that is gone is taken over", async () => {
  const path = join(folder, "lock");
  // Above the highest number that Linux gives to a process (2^22).
  writeFileSync(path, "4194305");
  expect(await withLock(path, () => Promise.resolve("done"))).toBe("done");
});

test("works of one process on one lock are done one after the other, in the order in which they came", async () => {
  const path = join(folder, "lock");
  const events: string[] = [];
  const work = (name: string) => async (): Promise<void> => {
    events.push(`${name} begins`);
    await turn();
    events.push(`${name} ends`);
    if (name === "second") throw new Error("the second fails");
  };
  const works = ["first", "second", "third"].map((name) => inTurn(path, work(name)));
  expect((await Promise.allSettled(works)).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  const inOrder = ["first", "second", "third"].flatMap((name) => [`${name} begins`, `${name} ends`]);
  expect(events).toEqual(inOrder);
});
