// Drills: what goes wrong in the days of an environment, and how it grows. `npm run drills` runs them.
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { askOutside } from "../infra/gates/probe.ts";
import { addressOf, nameOf, places, rootsFile } from "../rehearsal/cloud/cloud.ts";
import { readAccount } from "../rehearsal/linode/account.ts";
import { execute } from "../tools/process.ts";
import { Rehearsal } from "./stacks/rehearsal.ts";
import { until } from "./stacks/until.ts";

// One cloud for all of it, so the drills build on one another: each starts from what the one before has left.
const staging = new Rehearsal("staging-drill", "Pulumi.staging.yaml");

beforeAll(async () => {
  await staging.run("--down");
  const { exitCode, output } = await staging.build();
  expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
});
afterAll(async () => {
  await staging.run("--down");
});

test("a cloud-init that fails stops the update with its module and log line, and what serves goes on", async () => {
  const cloud = await staging.cloud();
  staging.configure({}, { generation: 2 });
  const from = staging.transcript.length;
  const child = staging.start();
  const closed = once(child, "close");
  const ended = (): boolean => child.exitCode !== null;
  const next = (): string | undefined => {
    const made = readAccount(cloud).instances.find(({ label }) => label.endsWith("-g2"));
    return made === undefined ? undefined : nameOf(cloud, `linode-${String(made.id)}`);
  };
  // An image that is broken: no package can be unpacked.
  const breakIt = async (): Promise<boolean> => {
    const container = next();
    if (container === undefined) return false;
    return execute("docker", ["exec", container, "chmod", "a-x", "/usr/bin/dpkg"]).then(
      () => true,
      () => false,
    );
  };
  await until("the new server is there to be broken", async () => ended() || (await breakIt()), 180);
  await closed;
  expect(child.exitCode).not.toBe(0);
  const output = staging.transcript.slice(from);
  expect(output).toMatch(/is not ready: cloud-init failed in apt-configure/);
  expect(output).toMatch(/log:\n.*Running module apt-configure .* failed/);
  const answer = await askOutside({
    kind: "outside",
    address: addressOf(cloud, places.edge),
    port: 443,
    host: "staging.example.com",
    path: "/health/ready",
    rootCertificate: readFileSync(rootsFile(cloud), "utf8"),
  });
  expect(answer).toMatchObject({ kind: "answered", status: 200 });
  staging.configure({});
  const back = await staging.build();
  expect([back.exitCode, back.exitCode === 0 ? "" : back.output]).toEqual([0, ""]);
  expect(readAccount(cloud).instances.map(({ label }) => label)).toEqual(["landfall-staging-drill-staging-g1"]);
});

test("a certificate that cannot be had stops the update with the issuer's words, and the old one goes on", async () => {
  const cloud = await staging.cloud();
  const settings = join(cloud.folder, `Pulumi.${cloud.stack}.yaml`);
  const saved = readFileSync(settings, "utf8");
  const set = ["config", "set", "--secret", "--path", "landfall:secrets.cloudflare.dnsToken", "wrong-token-of-nobody"];
  expect((await staging.run("pulumi", ...set)).exitCode).toBe(0);
  const hosts = ["config", "set", "--path", "landfall:hosts[1]", "www.example.com"];
  expect((await staging.run("pulumi", ...hosts)).exitCode).toBe(0);
  const { exitCode, output } = await staging.run("pulumi", "up", "--yes", "--skip-preview", "--non-interactive");
  expect(exitCode).not.toBe(0);
  expect(output).toMatch(/certificate/i);
  expect(output).not.toContain("wrong-token-of-nobody");
  writeFileSync(settings, saved);
  const back = await staging.build();
  expect([back.exitCode, back.exitCode === 0 ? "" : back.output]).toEqual([0, ""]);
});

test("a server that dies while an update runs stops it with evidence, and the next one switches it on and goes on", async () => {
  staging.configure({ app: { logLevel: "debug" } });
  const from = staging.transcript.length;
  const child = staging.start();
  const closed = once(child, "close");
  const has = (pattern: RegExp): boolean => pattern.test(staging.transcript.slice(from));
  await until(
    "the new release is gated",
    () => Promise.resolve(has(/HealthGate .*creating/) || child.exitCode !== null),
    240,
  );
  expect((await staging.run("fault", "kill", "landfall-staging-drill-staging-g1")).exitCode).toBe(0);
  await closed;
  expect(child.exitCode).not.toBe(0);
  expect(
    has(/198\.51\.100\.\d+.*(timed out|refused|unreachable|not respond|closed)|No route to host|Connection/i),
  ).toBe(true);
  // The same command switches it on, and goes on from where it was.
  const back = await staging.build();
  expect([back.exitCode, back.exitCode === 0 ? "" : back.output]).toEqual([0, ""]);
  expect(staging.lastReport().failed).toEqual([]);
});

test("the database is moved to a managed cluster, every row of it, and who was migrated still signs in", async () => {
  const { limits } = z.object({ limits: z.unknown() }).parse(staging.setting("postgres"));
  const managed = { platform: "managed", managed: { type: "g6-dedicated-2", clusterSize: 1 }, limits };
  staging.configure({ postgres: { ...managed, moveFrom: "container" } });
  const { exitCode, output } = await staging.build();
  expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
  const exported = await staging.run("pulumi", "stack", "export");
  expect(exported.output).toMatch(/"words": "\d+ tables with \d+ rows were moved/);
  expect(staging.lastReport().failed).toEqual([]);
  // The container goes when it is no longer asked for, and the cluster goes on.
  staging.configure({ postgres: managed });
  const without = await staging.build();
  expect([without.exitCode, without.exitCode === 0 ? "" : without.output]).toEqual([0, ""]);
  expect(staging.lastReport().failed).toEqual([]);
});

test("one server becomes two, and both answer", async () => {
  const { limits } = z.object({ limits: z.unknown() }).parse(staging.setting("postgres"));
  const postgres = { platform: "managed", managed: { type: "g6-dedicated-2", clusterSize: 1 }, limits };
  const [first] = staging.servers;
  const second = { name: "app-2", platform: "linode", type: "g6-standard-2", region: "eu-central", roles: ["app"] };
  const servers = [
    { ...first, address: "10.77.0.21" },
    { ...second, address: "10.77.0.22" },
  ];
  staging.configure({ postgres, servers });
  const { exitCode, output } = await staging.build();
  expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
  expect(staging.lastReport().failed).toEqual([]);
});
