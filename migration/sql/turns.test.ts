import { expect, test } from "vitest";
import { inTurns } from "./turns.ts";

test("every item is given once, to a worker that is free", async () => {
  const given: string[] = [];
  await inTurns(["a", "b"], [1, 2, 3, 4, 5], async (worker, item) => {
    await Promise.resolve();
    given.push(`${worker}${item.toString()}`);
  });
  expect(given.map((text) => text.slice(1)).sort()).toEqual(["1", "2", "3", "4", "5"]);
  expect(new Set(given.map((text) => text[0]))).toEqual(new Set(["a", "b"]));
});

test("after a failure nothing new is begun, what was begun is finished, and the first failure is told", async () => {
  const finished: number[] = [];
  const release = Promise.withResolvers<undefined>();
  const all = inTurns(["a", "b"], [1, 2, 3, 4], async (_, item) => {
    if (item === 1) {
      release.resolve(undefined);
      throw new Error("first");
    }
    await release.promise;
    await Promise.resolve();
    finished.push(item);
  });
  await expect(all).rejects.toThrow("first");
  expect(finished).toEqual([2]);
});
