import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Client } from "./stacks/client.ts";
import { projectRoot } from "../images/files.ts";
import { HeldEngine } from "./stacks/held-engine.ts";
import { containersOf, remainsOf } from "./stacks/docker.ts";
import { Stack } from "./stacks/stack.ts";
import { until } from "./stacks/until.ts";

const stack = await Stack.create("test-interruption");
const held = new HeldEngine();
await held.start();
stack.configure({
  servers: [
    { name: "test", platform: "engine-at-hand", engine: held.address, roles: ["edge", "app", "database", "cache"] },
  ],
});
afterAll(async () => {
  held.hold(undefined);
  if ((await remainsOf(stack.name)).length > 0) await stack.remove();
  held.close();
});

/** Whether a program of this stack is at work, whoever started it. */
function isProgramRunning(): boolean {
  const commandLines = readdirSync("/proc").map((pid) => {
    try {
      return readFileSync(join("/proc", pid, "cmdline"), "utf8");
    } catch {
      return "";
    }
  });
  return commandLines.some((line) => line.includes("/pulumi/cmd/run/") && line.includes(`\0${stack.name}\0`));
}

/** What the engine is asked when it is to make a container. */
const createOf = (noun: string): RegExp =>
  new RegExp(`^POST \\S*/containers/create\\?\\S*name=landfall-${stack.name}-${noun}`);

/** An update that goes on until it is killed with all its processes, which must be before it ends. */
async function killedAt(what: string, moment: (printed: string) => boolean): Promise<void> {
  const before = stack.transcript.length;
  const printed = (): string => stack.transcript.slice(before);
  const child = stack.npmStart();
  const closed = once(child, "close");
  await until(what, () => Promise.resolve(child.exitCode !== null || moment(printed())), 120).catch(() => undefined);
  if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  await closed;
  await until("the program of the killed update has ended", () => Promise.resolve(!isProgramRunning()));
  expect([child.signalCode, moment(printed())], `${what}:\n${printed()}`).toEqual(["SIGKILL", true]);
}

const isKilled = "up goes on after one that was killed before it, until it is killed itself at";

/** Moments of an update at which it is killed, seen from outside by what the engine says it has begun. */
const killAt = async (moment: RegExp): Promise<void> => {
  await killedAt(`the update says '${moment.source}'`, (printed) => moment.test(printed));
};

test.each([/postgres-data created/, /-postgres creating/])(`${isKilled} %s`, killAt);

test("what the engine makes for a killed update while the next one looks around bars nothing", async () => {
  held.hold(createOf("postgres"));
  await killedAt("the engine is asked for Postgres", () => held.requests.length === 1);
  held.hold(undefined);
  let release: Promise<void> | undefined;
  await killedAt("the update waits for the migration", (printed) => {
    if (printed.includes("Refreshing (")) release ??= held.release();
    return /MigrationGate .* creating/.test(printed);
  });
  await release;
  expect(stack.transcript).toContain(
    `removing the container landfall-${stack.name}-postgres, which was made and not noted`,
  );
});

test("what it makes only when the next one has asked for the same is removed, and asked for again", async () => {
  held.hold(createOf("app-"));
  await killedAt("the engine is asked for the app", () => held.requests.length === 1);
  let release: Promise<void> | undefined;
  await killedAt("the update waits for the app", (printed) => {
    if (held.requests.length === 2) {
      held.hold(undefined);
      release ??= held.release().then(() => held.release());
    }
    return /-app-[0-9a-f]+-healthy creating/.test(printed);
  });
  await release;
  expect(stack.transcript).toMatch(
    /removing the container \S+-app-[0-9a-f]+, which was made and not noted\nThat was still/,
  );
});

test.each([/ProxyConfiguration .* creating/])(`${isKilled} %s`, killAt);

test("after all of them one up converges, a second finds nothing to do, and nothing is there twice", async () => {
  expect(await stack.npm("start")).toMatchObject({ exitCode: 0, diagnostics: "" });
  expect((await stack.up("--expect-no-changes")).exitCode).toBe(0);
  const client = new Client(stack.url, await stack.output("rootCertificate"));
  expect((await client.fetch("/health/ready")).status).toBe(200);
  const nouns = [...(await containersOf(stack.name)).keys()].map((noun) => noun.replace(/^app-.*/, "app"));
  expect(nouns.sort()).toEqual(["app", "legacy-learnmore", "migration", "pgbouncer", "postgres", "proxy", "redis"]);
  expect(await stack.remove()).toMatchObject({ exitCode: 0, diagnostics: "" });
  expect(await remainsOf(stack.name)).toEqual([]);
  const state = readdirSync(join(projectRoot, ".landfall/state"), { recursive: true, encoding: "utf8" });
  expect(state.filter((path) => path.includes(stack.name))).toEqual([]);
});
