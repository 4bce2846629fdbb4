import { expect, test, vi } from "vitest";
import { healthSource, type Check } from "./health.ts";

const good: Check = () => Promise.resolve();
const bad: Check = () => Promise.reject(new Error("connection refused"));
const silent: Check = () => new Promise(() => undefined);

test("all dependencies answering make the service ready", async () => {
  const health = await healthSource({ database: good, redis: good, migration: good }).current();
  expect(health).toMatchObject({ ready: true, state: "healthy" });
});

test.each([
  ["database", { database: bad, redis: good, migration: good }, "unhealthy"],
  ["redis", { database: good, redis: bad, migration: good }, "unhealthy"],
  ["migration", { database: good, redis: good, migration: bad }, "degraded"],
] as const)("a failing %s takes readiness away and is named with its reason", async (name, checks, state) => {
  const health = await healthSource(checks).current();
  expect(health).toMatchObject({ ready: false, state });
  expect(health.dependencies[name]).toMatchObject({ healthy: false, message: "connection refused" });
});

test("what the service can do without degrades it and leaves it ready", async () => {
  const all = { database: good, redis: good, migration: good };
  expect(await healthSource({ ...all, elasticsearch: good, storage: good }).current()).toMatchObject({
    ready: true,
    state: "healthy",
  });
  const health = await healthSource({ ...all, elasticsearch: bad, storage: good }).current();
  expect(health).toMatchObject({ ready: true, state: "degraded" });
  expect(health.dependencies).toMatchObject({ elasticsearch: { healthy: false }, storage: { healthy: true } });
  expect(Object.keys((await healthSource(all).current()).dependencies)).toEqual(["database", "redis", "migration"]);
});

test("a check without an answer has failed after its time", async () => {
  const health = await healthSource(
    { database: silent, redis: good, migration: good },
    { checkMilliseconds: 20 },
  ).current();
  expect(health.dependencies.database).toMatchObject({ healthy: false, message: "gave no answer within 20 ms" });
});

test("callers within a second share one run of the checks, and a fresh look does not", async () => {
  const check = vi.fn(good);
  const source = healthSource({ database: check, redis: good, migration: good });
  await Promise.all([source.current(), source.current()]);
  await source.current();
  expect(check).toHaveBeenCalledTimes(1);
  await source.fresh();
  expect(check).toHaveBeenCalledTimes(2);
});

test("an old result is not used again", async () => {
  const check = vi.fn(good);
  const source = healthSource({ database: check, redis: good, migration: good }, { cacheMilliseconds: 0 });
  await source.current();
  await source.current();
  expect(check).toHaveBeenCalledTimes(2);
});

test("a stopping service is not ready, though all answer", async () => {
  const source = healthSource({ database: good, redis: good, migration: good });
  await source.current();
  source.stop();
  expect(await source.current()).toMatchObject({ ready: false, state: "unhealthy" });
});
