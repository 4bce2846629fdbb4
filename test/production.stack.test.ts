import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { addressOf, places, rootsFile } from "../rehearsal/cloud/cloud.ts";
import { leftovers } from "../rehearsal/cloud/remove.ts";
import { secretsOf } from "./secrets.ts";
import { Load } from "./stacks/load.ts";
import { Rehearsal } from "./stacks/rehearsal.ts";

// One cloud for all of it, so the tests build on one another: each starts from what the one before has left.
const production = new Rehearsal("production-test", "Pulumi.production.yaml", ["--servers", "app=2"]);
const clients = 8;

beforeAll(() => production.clearGround());
afterAll(async () => {
  await production.run("--down");
});

/** Brings it up to date, and expects that it ends well and that every check from outside passes. */
async function build(): Promise<void> {
  const { exitCode, output } = await production.build();
  expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
  expect(production.lastReport().failed).toEqual([]);
}

/** Requests through the front door, as people make them. */
async function load(): Promise<Load> {
  const cloud = await production.cloud();
  const people = new Load({
    address: addressOf(cloud, places.edge),
    host: "learn.example.com",
    // Signing in is limited by address.
    path: "/health/ready",
    roots: readFileSync(rootsFile(cloud), "utf8"),
    clients,
    perSecond: 5,
  });
  onTestFinished(() => people.stop());
  return people;
}

const changes = z.record(z.string(), z.number());

/** How many resources a preview would change, by what would happen to them. */
async function previewed(): Promise<Record<string, number>> {
  const { output } = await production.run("pulumi", "preview", "--json");
  return z.object({ changeSummary: changes }).parse(JSON.parse(output.slice(output.indexOf("{")))).changeSummary;
}

/** How many the last update changed. */
async function changed(): Promise<Record<string, number>> {
  const { output } = await production.run("pulumi", "stack", "history", "--json", "--page-size", "5");
  const updates = z.array(z.object({ kind: z.string(), resourceChanges: changes })).parse(JSON.parse(output));
  return updates.find(({ kind }) => kind === "update")?.resourceChanges ?? {};
}

/** Runs a command of the rehearsal that has to succeed. */
async function succeed(...command: string[]): Promise<void> {
  const { exitCode, output } = await production.run(...command);
  expect([command.slice(0, 3), exitCode, exitCode === 0 ? "" : output]).toEqual([command.slice(0, 3), 0, ""]);
}

const up = ["pulumi", "up", "--yes", "--skip-preview", "--non-interactive"];

/** Changes a setting on what is up, and expects that the preview says what then happens. */
async function change(key: string, value: object): Promise<void> {
  await succeed("pulumi", "config", "set", key, JSON.stringify(value));
  const expected = await previewed();
  await succeed(...up);
  expect(await changed()).toEqual(expected);
}

test("production is built whole, and from outside everything is as it must be", async () => {
  await build();
  expect(production.lastReport().checks).toBeGreaterThan(100);
});

test("a second update has nothing to change", async () => {
  const { exitCode, output } = await production.run(
    ...["pulumi", "up", "--yes", "--skip-preview", "--refresh", "--expect-no-changes", "--non-interactive"],
  );
  expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
});

test("no secret stands in the state or in a preview", async () => {
  const { output: exported } = await production.run("pulumi", "stack", "export", "--show-secrets");
  const secrets = secretsOf(exported);
  const state = await production.run("pulumi", "stack", "export");
  const preview = await production.run("pulumi", "preview", "--diff", "--refresh");
  expect(secrets.length).toBeGreaterThan(8);
  const shown = [state.output, preview.output, production.transcript.replace(exported, "")];
  expect(secrets.filter(({ value }) => shown.some((text) => text.includes(value))).map(({ place }) => place)).toEqual(
    [],
  );
});

test("an app server that dies under load costs the requests that it had, and no more", async () => {
  const people = await load();
  await expect.poll(() => people.answered, { timeout: 30_000 }).toBeGreaterThan(50);
  const before = people.failed.length;
  expect((await production.run("fault", "kill", "landfall-production-test-app-2-g1")).exitCode).toBe(0);
  const atKill = people.answered;
  await expect.poll(() => people.answered, { timeout: 60_000 }).toBeGreaterThan(atKill + 200);
  await people.stop();
  expect(before).toBe(0);
  // Each client may have had one request there.
  expect(people.failed.length).toBeLessThanOrEqual(clients);
});

test("one command switches it on again", async () => {
  await succeed("start");
});

test("an app server comes in and goes out under load without a request that fails", async () => {
  const people = await load();
  const isApp = ({ roles }: Record<string, unknown>): boolean => JSON.stringify(roles) === '["app"]';
  const others = production.servers.filter((server) => !isApp(server));
  const apps = production.servers.filter(isApp);
  const serveOn = async (count: number): Promise<void> => {
    // What stands on a server that is not there yet the preview cannot know, so it is not held to its counts.
    const list = JSON.stringify([...others, ...apps.slice(0, count)]);
    await succeed("pulumi", "config", "set", "landfall:servers", list);
    await succeed(...up);
  };
  await serveOn(3);
  const withThree = people.answered;
  await serveOn(2);
  await people.stop();
  expect(withThree).toBeGreaterThan(100);
  expect(people.answered).toBeGreaterThan(withThree);
  expect(people.failed).toEqual([]);
});

test("Nginx is changed for Apache, and a public authority's certificate for Cloudflare's, as the previews said", async () => {
  await change("landfall:proxy", { server: "apache", address: "0.0.0.0" });
  await change("landfall:certificate", { issuer: "origin-ca" });
  const people = await load();
  await expect.poll(() => people.answered, { timeout: 30_000 }).toBeGreaterThan(50);
  await people.stop();
  expect(people.failed).toEqual([]);
});

test("when it is taken down nothing of it is left", async () => {
  const cloud = await production.cloud();
  const { exitCode, output } = await production.run("--down");
  expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
  expect(await leftovers(cloud)).toEqual([]);
});
