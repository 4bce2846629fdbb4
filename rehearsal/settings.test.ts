import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { takeSettings, type RehearsedSettings, type SettingsSource } from "./settings.ts";

let folder: string;

const taken = (given: Partial<SettingsSource>): RehearsedSettings =>
  takeSettings({ stack: "staging", file: undefined, servers: {}, secretOf: () => undefined, ...given });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "landfall-settings-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test("the settings of staging are rehearsed as they are, with a token of the cloud's", () => {
  const { settings, secrets, text } = taken({ secretOf: () => "the cloud's own" });
  expect(settings.hosts).toEqual(["staging.example.com"]);
  expect(secrets).toEqual({ "secrets.cloudflare.dnsToken": "the cloud's own" });
  expect(text).toContain("zone: example.com");
});

test("no secret of the real environment gets into a rehearsal, nor does what opens it", () => {
  const own = join(folder, "own.yaml");
  writeFileSync(
    own,
    `encryptionsalt: v1:abc
config:
  linode:token: { secure: AAAAsecret }
  landfall:servers: [{ name: one, platform: engine-at-hand, roles: [edge, app, database, cache] }]
  landfall:hosts: [localhost]
  landfall:migration: { sources: { learnmore: { kind: server, host: old, database: l, user: reader } } }
  landfall:secrets: { learnmore: { password: { secure: BBBBsecret } } }
`,
  );
  const { secrets, text } = taken({ file: own });
  expect(Object.keys(secrets)).toEqual(["secrets.learnmore.password"]);
  expect(secrets["secrets.learnmore.password"]).toMatch(/^rehearsal-[0-9a-f]{24}$/);
  expect(text).not.toMatch(/secret|encryptionsalt|linode/);
});

test("settings that are wrong are refused as Pulumi would refuse them", () => {
  const own = join(folder, "own.yaml");
  writeFileSync(own, "config:\n  landfall:hosts: []\n");
  expect(() => taken({ file: own })).toThrow("landfall:servers");
});

test("a section that was set from the command line is read as any other", () => {
  const own = join(folder, "own.yaml");
  writeFileSync(
    own,
    `config:
  landfall:servers: '[{"name":"one","platform":"engine-at-hand","roles":["edge","app","database","cache"]}]'
  landfall:hosts: [localhost]
  landfall:proxy: '{"server":"apache"}'
`,
  );
  expect(taken({ file: own }).settings.proxy.server).toBe("apache");
});

test("a limit is rehearsed with as many processor cores as there are", () => {
  const own = join(folder, "own.yaml");
  writeFileSync(
    own,
    `config:
  landfall:servers: [{ name: one, platform: engine-at-hand, roles: [edge, app, database, cache] }]
  landfall:hosts: [localhost]
  landfall:postgres: { limits: { cpus: 4096 } }
  landfall:redis: { limits: { cpus: 0.5 } }
`,
  );
  const { settings } = taken({ file: own });
  expect(settings.postgres.limits.cpus).toBe(availableParallelism());
  expect(settings.redis.limits.cpus).toBe(0.5);
});

test("a smaller estate is rehearsed from the same settings: the first servers of a role", () => {
  const { settings } = taken({ stack: "production", servers: { app: 2 } });
  const names = settings.servers.map(({ name }) => name);
  expect(names.filter((name) => name.startsWith("app"))).toEqual(["app-1", "app-2"]);
  expect(names).toContain("edge-2");
});

test("more servers of a role than there are, or none, is refused with how many there are", () => {
  expect(() => taken({ stack: "production", servers: { app: 9 } })).toThrow("4 servers with the role 'app'");
  expect(() => taken({ stack: "production", servers: { cache: 0 } })).toThrow("1 servers with the role 'cache'");
});
