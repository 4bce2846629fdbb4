import { expect, test } from "vitest";
import { decide } from "./decision.ts";

const now = { planHash: "a", again: false };

test("a system that was never moved starts", () => {
  expect(decide(undefined, now)).toBe("start");
});

test("a system that was verified is kept, even under another plan, unless it shall be moved again", () => {
  expect(decide({ state: "verified", planHash: "a" }, now)).toBe("keep");
  expect(decide({ state: "verified", planHash: "b" }, now)).toBe("keep");
  expect(decide({ state: "verified", planHash: "a" }, { ...now, again: true })).toBe("start");
});

test("an interrupted run goes on under the same plan only", () => {
  expect(decide({ state: "copying", planHash: "a" }, now)).toBe("resume");
  expect(decide({ state: "verifying", planHash: "a" }, { ...now, again: true })).toBe("resume");
  expect(decide({ state: "copying", planHash: "b" }, now)).toBe("start");
});

test("a run whose verification failed is never gone on with", () => {
  expect(decide({ state: "failed", planHash: "a" }, now)).toBe("start");
});
