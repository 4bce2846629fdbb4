import { expect, test } from "vitest";
import { randomNumbers } from "../../test/stacks/random.ts";
import { chooseMoments, durationsOf } from "./moments.ts";

const durations = new Map([
  ["starting", 100],
  ["copying", 5000],
  ["files", 1],
]);
const victims = ["runner", "source", "target"] as const;

test("a phase lasts until the next one begins, and the last until the end", () => {
  const phases = [
    { phase: "starting", at: 0 },
    { phase: "copying", at: 40 },
  ];
  expect(durationsOf(phases, 100)).toEqual(
    new Map([
      ["starting", 40],
      ["copying", 60],
    ]),
  );
});

test("the same seed gives the same moments, another one others", () => {
  const choose = (seed: number) => chooseMoments({ durations, victims, given: 0, most: 6 }, randomNumbers(seed));
  expect(choose(7)).toEqual(choose(7));
  expect(choose(7)).not.toEqual(choose(8));
});

test("victims take turns from one landing to the next, and every phase is hit within its time", () => {
  const random = randomNumbers(1);
  const moments = [];
  while (moments.length < 300)
    moments.push(...chooseMoments({ durations, victims, given: moments.length, most: 300 - moments.length }, random));
  expect(moments).toHaveLength(300);
  for (const victim of victims) expect(moments.filter((moment) => moment.victim === victim)).toHaveLength(100);
  for (const [phase, duration] of durations) {
    const own = moments.filter((moment) => moment.phase === phase);
    expect(own.length).toBeGreaterThan(60);
    expect(own.every(({ delay }) => delay >= 0 && delay < duration)).toBe(true);
  }
});

test("the last phase is disturbed last, for after it no other is entered again", () => {
  const random = randomNumbers(3);
  for (let round = 0; round < 50; round += 1) {
    const phases = chooseMoments({ durations, victims, given: 0, most: 6 }, random).map(({ phase }) => phase);
    const first = phases.indexOf("files");
    if (first >= 0) expect(phases.slice(first).every((phase) => phase === "files")).toBe(true);
  }
});
