import { expect, test } from "vitest";
import { TooManyWaiting, turns } from "./turns.ts";

test("jobs beyond the limit wait, and those beyond the queue are refused", async () => {
  const inTurn = turns({ atOnce: 1, waiting: 1 });
  const first = Promise.withResolvers<string>();
  const order: string[] = [];
  const running = inTurn(() => first.promise);
  const waiting = inTurn(() => {
    order.push("second began");
    return Promise.resolve("second");
  });
  await expect(inTurn(() => Promise.resolve("third"))).rejects.toThrow(TooManyWaiting);
  expect(order).toEqual([]);
  first.resolve("first");
  expect(await Promise.all([running, waiting])).toEqual(["first", "second"]);
});

test("a job that fails gives its turn back", async () => {
  const inTurn = turns({ atOnce: 1, waiting: 0 });
  await expect(inTurn(() => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  expect(await inTurn(() => Promise.resolve("next"))).toBe("next");
});
