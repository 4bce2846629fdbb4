import { expect, test } from "vitest";
import { watch, type Clock, type Look } from "./watch.ts";

function clock(): Clock {
  let now = 0;
  return {
    now: () => now,
    wait: (milliseconds) => {
      now += milliseconds;
      return Promise.resolve();
    },
  };
}

const pass: Look = { verdict: { passed: true } };
const fail: Look = { verdict: { passed: false, reason: "status 503" } };
const limits = { passes: 3, intervalSeconds: 2, deadlineSeconds: 20 };

function script(...looks: Look[]): () => Promise<Look> {
  let next = 0;
  return () => Promise.resolve(looks[Math.min(next++, looks.length - 1)] ?? fail);
}

test("the gate opens after so many passes in a row", async () => {
  expect(await watch(script(fail, pass, pass, pass), limits, clock())).toEqual({
    kind: "healthy",
    looks: 4,
    seconds: 6,
  });
});

test("a failed look in between starts the count again", async () => {
  expect(await watch(script(pass, pass, fail, pass), limits, clock())).toMatchObject({ kind: "healthy", looks: 6 });
});

test("a timeout is a failure that says what was missing last", async () => {
  expect(await watch(script(fail), limits, clock())).toMatchObject({
    kind: "failed",
    reason: "not healthy within 20 s: status 503",
    seconds: 20,
  });
});

test("passes that are too few at the deadline are a failure", async () => {
  const looks = [...Array<Look>(9).fill(fail), pass, pass];
  expect(await watch(script(...looks), limits, clock())).toMatchObject({
    kind: "failed",
    reason: "not healthy within 20 s: only 2 of 3 passes in a row",
  });
});

test("a container that has died ends the watch at once", async () => {
  const dead: Look = { ...fail, hopeless: "the container has exited with code 1" };
  expect(await watch(script(fail, dead), limits, clock())).toMatchObject({
    kind: "failed",
    reason: "the container has exited with code 1",
    seconds: 2,
  });
});

test("a look that rejects counts as silence", async () => {
  expect(await watch(() => Promise.reject(new Error("no route")), limits, clock())).toMatchObject({
    kind: "failed",
    reason: "not healthy within 20 s: no route",
  });
});
