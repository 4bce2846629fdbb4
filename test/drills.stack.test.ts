import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { Client } from "./stacks/client.ts";
import { containerOf, containersOf, engine } from "./stacks/docker.ts";
import { Stack } from "./stacks/stack.ts";
import { until } from "./stacks/until.ts";

// The tests of this file are drills on one environment, in order; each ends with the environment whole again.
const stack = await Stack.create("test-drills");
const succeeded = { exitCode: 0, diagnostics: "" };
const health = z.object({ status: z.string(), checks: z.record(z.string(), z.boolean()), release: z.string() });
let root = "";
const client = (): Client => new Client(stack.url, root);

beforeAll(async () => {
  expect(await stack.up()).toMatchObject(succeeded);
  root = await stack.output("rootCertificate");
});

afterAll(() => stack.remove());

test("Postgres stopped under the app turns it unready but not dead, and up heals it", async () => {
  const { Id } = await containerOf(stack.name, "postgres");
  await engine.getContainer(Id).stop({ t: 10 });
  const unready = await until("the app turns unready", async () => {
    const answer = await client().fetch("/health/ready");
    return answer.status === 503 && answer;
  });
  expect(health.parse(JSON.parse(unready.body)).checks).toMatchObject({ database: false, redis: true });
  expect((await client().fetch("/health/live")).status).toBe(200);
  expect(await stack.up()).toMatchObject(succeeded);
  await until("the app turns ready", async () => (await client().fetch("/health/ready")).status === 200);
});

test("a changed setting is a new release that takes over without a failed request", async () => {
  const before = await stack.output("release");
  stack.configure({ app: { logLevel: "debug" } });
  const update = { done: false };
  const failures: number[] = [];
  let requests = 0;
  const visitor = client();
  const visits = (async () => {
    while (!update.done) {
      const { status } = await visitor.fetch("/sign-in");
      requests += 1;
      if (status !== 200) failures.push(status);
      // Well below the proxy's rate limit.
      await setTimeout(20);
    }
  })();
  const { exitCode } = await stack.up();
  update.done = true;
  await visits;
  expect(exitCode).toBe(0);
  expect(requests).toBeGreaterThan(20);
  expect(failures).toEqual([]);
  const after = await stack.output("release");
  expect(after).not.toBe(before);
  const nouns = [...(await containersOf(stack.name)).keys()];
  expect(nouns).toContain(`app-${after}`);
  expect(nouns).not.toContain(`app-${before}`);
});

test("an app that never gets ready leaves the old release serving, with the evidence in Pulumi's own output", async () => {
  const before = await stack.output("release");
  // Too little memory to start in: it dies again and again.
  stack.configure({ app: { logLevel: "debug", limits: { memory: "24 MiB" } } });
  const { exitCode, diagnostics } = await stack.up();
  expect(exitCode).not.toBe(0);
  expect(diagnostics).toMatch(/landfall-test-drills-app-[0-9a-f]{12} did not become healthy/);
  expect(diagnostics).toMatch(/exit code/);
  const answer = await client().fetch("/health/ready");
  expect(health.parse(JSON.parse(answer.body)).release).toBe(before);
  stack.configure({ app: { logLevel: "debug" } });
  expect(await stack.up()).toMatchObject(succeeded);
});

test("a migration that exits 1 closes its gate, and nothing behind it is touched", async () => {
  const nouns = async (): Promise<string[]> => [...(await containersOf(stack.name)).keys()].sort();
  const [appBefore] = (await nouns()).filter((noun) => noun.startsWith("app-"));
  const before = await containerOf(stack.name, appBefore ?? "");
  stack.configure({
    app: { logLevel: "info" },
    migration: {
      sources: { openlearn: { kind: "server", host: "no-such-server", database: "openlearn", user: "reader" } },
    },
    secrets: { openlearn: { password: "not-a-real-password" } },
  });
  const { exitCode, diagnostics } = await stack.up();
  expect(exitCode).not.toBe(0);
  expect(diagnostics).toMatch(
    /landfall-test-drills-migration did not migrate: it (exited with code 1|refused to begin)/,
  );
  expect(diagnostics).toContain("no-such-server");
  const after = await containerOf(stack.name, appBefore ?? "");
  expect([after.Id, after.State.StartedAt]).toEqual([before.Id, before.State.StartedAt]);
  expect((await client().fetch("/health/ready")).status).toBe(200);
  stack.configure({});
  expect(await stack.up()).toMatchObject(succeeded);
});
