import { once } from "node:events";
import { afterAll, expect, test } from "vitest";
import { Client } from "./stacks/client.ts";
import { containersOf, remainsOf } from "./stacks/docker.ts";
import { Stack } from "./stacks/stack.ts";
import { until } from "./stacks/until.ts";

const stack = await Stack.create("test-interruption");
afterAll(async () => {
  if ((await remainsOf(stack.name)).length > 0) await stack.remove();
});

/** Moments of an update at which it is killed, seen from outside by what the engine says it has begun. */
const moments = [
  "postgres-data created",
  "-postgres creating",
  "MigrationGate .* creating",
  "-app-[0-9a-f]+-healthy creating",
  "ProxyConfiguration .* creating",
];

test.each(moments)(
  "up goes on after one that was killed before it, until it is killed itself at '%s'",
  async (moment) => {
    const before = stack.transcript.length;
    const child = stack.npmStart();
    const closed = once(child, "close");
    const says = (): boolean => new RegExp(moment).test(stack.transcript.slice(before));
    await until(`the update says '${moment}'`, () => Promise.resolve(child.exitCode !== null || says()), 300);
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    await closed;
    expect([child.signalCode, says()]).toEqual(["SIGKILL", true]);
  },
);

test("after all of them one up converges, a second finds nothing to do, and nothing is there twice", async () => {
  expect(await stack.npm("start")).toMatchObject({ exitCode: 0, diagnostics: "" });
  expect((await stack.up("--expect-no-changes")).exitCode).toBe(0);
  const client = new Client(stack.url, await stack.output("rootCertificate"));
  expect((await client.fetch("/health/ready")).status).toBe(200);
  const nouns = [...(await containersOf(stack.name)).keys()].map((noun) => noun.replace(/^app-.*/, "app"));
  expect(nouns.sort()).toEqual(["app", "legacy-learnmore", "migration", "pgbouncer", "postgres", "proxy", "redis"]);
  expect(await stack.remove()).toMatchObject({ exitCode: 0, diagnostics: "" });
  expect(await remainsOf(stack.name)).toEqual([]);
});
