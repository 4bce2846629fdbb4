import { afterEach, expect, test } from "vitest";
import type { Configuration } from "../configuration.ts";
import { insert } from "../testing/fixture.ts";
import { openRelay, type Relay } from "../testing/relay.ts";
import {
  operator,
  soon,
  startTestService,
  type TestService,
  type TestServiceOptions,
} from "../testing/test-service.ts";

let running: TestService | undefined;
const relays: Relay[] = [];

afterEach(async () => {
  await Promise.all(relays.splice(0).map((relay) => relay.cut()));
  await running?.close();
  running = undefined;
});

async function start(options: TestServiceOptions = {}): Promise<TestService> {
  running = await startTestService(options);
  return running;
}

const asks = async (path: string): Promise<{ status: number; body: unknown }> => {
  // By address, as load balancers and the container engine do.
  const answer = await fetch(`${running?.service.address ?? ""}${path}`);
  return { status: answer.status, body: await answer.json() };
};
const ready = (status: number, checks: Record<string, boolean>) => ({
  status,
  body: { status: status === 200 ? "healthy" : "unhealthy", checks, release: "release-of-tests" },
});

test("with everything there the service is ready and says which release answered", async () => {
  await start();
  await expect
    .poll(() => asks("/health/ready"), soon)
    .toEqual(ready(200, { database: true, redis: true, migration: true }));
});

test.each(["database", "redis"] as const)(
  "without the %s it is alive and not ready, and comes back by itself",
  async (name) => {
    let relay: Relay | undefined;
    await start({
      configure: async (configuration) => {
        relay = await openRelay(configuration[name]);
        relays.push(relay);
        return {
          ...configuration,
          [name]: { ...configuration[name], host: "127.0.0.1", port: relay.port },
        } satisfies Configuration;
      },
    });
    const good = ready(200, { database: true, redis: true, migration: true });
    await expect.poll(() => asks("/health/ready"), soon).toEqual(good);
    await relay?.cut();
    const bad = ready(503, { database: name !== "database", redis: name !== "redis", migration: name !== "database" });
    await expect.poll(() => asks("/health/ready"), soon).toEqual(bad);
    expect(await asks("/health/live")).toMatchObject({ status: 200, body: { status: "healthy" } });
    expect(await asks("/health").catch(() => undefined)).toMatchObject({ status: 421 });
    await relay?.mend();
    await expect.poll(() => asks("/health/ready"), soon).toEqual(good);
  },
);

test("a service that starts while Postgres and Redis are away is alive, and not ready", async () => {
  await start({
    configure: (configuration) => ({
      ...configuration,
      database: { ...configuration.database, host: "127.0.0.1", port: 1 },
      redis: { ...configuration.redis, host: "127.0.0.1", port: 1 },
    }),
  });
  expect(await asks("/health/ready")).toEqual(ready(503, { database: false, redis: false, migration: false }));
  expect(await asks("/health/live")).toMatchObject({ status: 200 });
});

test("without the schema, or at another version of it, the migration's check fails", async () => {
  const { client } = await start({ withoutSchema: true });
  expect(await asks("/health/ready")).toEqual(ready(503, { database: true, redis: true, migration: false }));
  await client.query("CREATE TABLE public.schema_migrations (id serial, name text)");
  await client.query("INSERT INTO public.schema_migrations (name) VALUES ('0001_systems')");
  await expect
    .poll(() => asks("/health/ready"), soon)
    .toEqual(ready(503, { database: true, redis: true, migration: false }));
});

test("a system that has to be migrated holds readiness back until it is verified", async () => {
  const { client } = await start({
    configure: (configuration) => ({ ...configuration, migrationSystems: ["learnmore"] }),
  });
  const waiting = ready(503, { database: true, redis: true, migration: false });
  expect(await asks("/health/ready")).toEqual(waiting);
  await insert(client, "operations.migration_status", { system: "learnmore", state: "copying" });
  await expect.poll(() => asks("/health/ready"), soon).toEqual(waiting);
  await client.query("UPDATE operations.migration_status SET state = 'verified'");
  await expect
    .poll(() => asks("/health/ready"), soon)
    .toEqual(ready(200, { database: true, redis: true, migration: true }));
});

test("the summary is for everybody, the detail for operators", async () => {
  const service = await start();
  await service.operatorThere();
  const visitor = service.browser();
  expect((await visitor.get("/health")).json()).toEqual({ status: "healthy" });
  await visitor.signIn(operator.username, operator.password);
  expect((await visitor.get("/health")).json()).toMatchObject({
    status: "healthy",
    release: "release-of-tests",
    dependencies: { database: { status: "healthy", message: "answers" }, redis: {}, migration: {} },
  });
});

test("the summary is 503 when a dependency is away, and degraded while the migration is not verified", async () => {
  const waiting = await start({
    configure: (configuration) => ({ ...configuration, migrationSystems: ["learnmore"] }),
  });
  const degraded = await waiting.browser().get("/health");
  expect([degraded.statusCode, degraded.json()]).toEqual([200, { status: "degraded" }]);
  await waiting.close();
  const alone = await start({
    configure: (configuration) => ({ ...configuration, redis: { ...configuration.redis, host: "127.0.0.1", port: 1 } }),
  });
  const unhealthy = await alone.browser().get("/health");
  expect([unhealthy.statusCode, unhealthy.json()]).toEqual([503, { status: "unhealthy" }]);
});
