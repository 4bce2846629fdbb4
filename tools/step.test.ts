import { expect, test } from "vitest";
import { duration, take, type Step } from "./step.ts";

const step = (changes: Partial<Step>): Step => ({
  name: "A part",
  estimate: 1,
  needed: () => undefined,
  run: () => Promise.resolve(),
  ...changes,
});

test.each([
  [0.4, "0 s"],
  [59.6, "1 min"],
  [90, "1 min 30 s"],
  [300, "5 min"],
])("%d seconds are %s", (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test("a step that is not needed is not run", async () => {
  const run = (): Promise<void> => Promise.reject(new Error("run"));
  expect(await take(step({ run }))).toBe(0);
});

test("a step that fails says which part it was", async () => {
  const run = (): Promise<void> => Promise.reject(new Error("no disk. Make room."));
  await expect(take(step({ needed: () => "missing", run }))).rejects.toThrow("A part: no disk. Make room.");
});

test("a step that has not done its work is a failure", async () => {
  await expect(take(step({ needed: () => "missing" }))).rejects.toThrow("A part: It was done, and still: missing.");
});
