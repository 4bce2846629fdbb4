import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { projectRoot } from "../../images/files.ts";
import { parseSettings, SettingsError, type Fault } from "./parse.ts";

const tokens = { linode: true, cloudflare: true };

const minimal = {
  servers: [{ name: "one", platform: "engine-at-hand", roles: ["edge", "app", "database", "cache"] }],
  hosts: ["localhost"],
};

function json(settings: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, JSON.stringify(value)]));
}

function faultsOf(settings: Readonly<Record<string, unknown>>): readonly Fault[] {
  try {
    parseSettings(json(settings), tokens);
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  return [];
}

test("servers and hosts are enough; everything else has a default", () => {
  const settings = parseSettings(json(minimal), tokens);
  expect(settings.proxy).toMatchObject({ server: "nginx", address: "127.0.0.1", httpPort: 80, httpsPort: 443 });
  expect(settings.proxy.hsts).toEqual({ maxAge: "365 days", includeSubdomains: true, preload: false });
  expect(settings.postgres.limits.memory).toBe("1 GiB");
  expect(settings.migration.sources).toEqual({});
});

test.each(["local", "staging", "production"])("the settings file of %s is valid", (stack) => {
  const file = z
    .object({ config: z.record(z.string(), z.unknown()) })
    .parse(parse(readFileSync(join(projectRoot, `Pulumi.${stack}.yaml`), "utf8")));
  const config = Object.entries(file.config).map(([key, value]): [string, unknown] => [
    key.replace(/^landfall:/, ""),
    value,
  ]);
  const secrets = stack === "local" ? {} : { cloudflare: { dnsToken: "a token" } };
  expect(faultsOf({ ...Object.fromEntries(config), secrets })).toEqual([]);
});

test("every fault of a file is reported at once, each with its key, what was given and what is allowed", () => {
  expect(
    faultsOf({
      servers: [{ name: "One!", platform: "engine-at-hand", roles: ["edge", "web"] }],
      hosts: [],
      proxy: { server: "iis", httpPort: 0, httpsPort: "443", hsts: { maxAge: "1 year" }, colour: "red" },
      postgres: { maxConnections: 5, sharedBuffers: "256MB" },
      app: { logLevel: "loud", gate: { passes: 0 } },
      cache: {},
    }),
  ).toEqual([
    {
      key: "landfall:servers[0].name",
      given: '"One!"',
      allowed: "3 to 20 lower-case letters, digits and hyphens, starting with a letter",
    },
    { key: "landfall:servers[0].roles[1]", given: '"web"', allowed: "one of edge, app, database, cache, search" },
    { key: "landfall:hosts[0]", given: "nothing", allowed: 'a host name such as "learn.example.com"' },
    { key: "landfall:proxy.server", given: '"iis"', allowed: '"nginx" or "apache"' },
    { key: "landfall:proxy.httpPort", given: "0", allowed: "a port from 1 to 65535" },
    { key: "landfall:proxy.httpsPort", given: '"443"', allowed: "a port from 1 to 65535" },
    {
      key: "landfall:proxy.hsts.maxAge",
      given: '"1 year"',
      allowed: 'a duration such as "30 seconds", "5 minutes", "1 hour" or "90 days"',
    },
    { key: "landfall:proxy.colour", given: '"red"', allowed: "nothing: there is no such setting" },
    { key: "landfall:postgres.maxConnections", given: "5", allowed: "a whole number of at least 20" },
    { key: "landfall:postgres.sharedBuffers", given: '"256MB"', allowed: 'a size such as "256 MiB" or "2 GiB"' },
    { key: "landfall:app.logLevel", given: '"loud"', allowed: '"debug", "info", "warn" or "error"' },
    { key: "landfall:app.gate.passes", given: "0", allowed: "a whole number from 1 to 20" },
    { key: "landfall:cache", given: "{}", allowed: "nothing: there is no such setting" },
  ]);
});

test("an empty configuration names what is required", () => {
  expect(faultsOf({}).map(({ key, given }) => [key, given])).toEqual([
    ["landfall:servers", "nothing"],
    ["landfall:hosts", "nothing"],
  ]);
});

test("a role that no server has is named", () => {
  expect(
    faultsOf({ ...minimal, servers: [{ name: "one", platform: "engine-at-hand", roles: ["edge", "app"] }] }),
  ).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ key: "landfall:servers", allowed: "a server with the role 'database'" }),
      expect.objectContaining({ key: "landfall:servers", allowed: "a server with the role 'cache'" }),
    ]),
  );
});

test("settings that do not go together are refused with the reason", () => {
  expect(faultsOf({ ...minimal, proxy: { httpPort: 443 } })).toMatchObject([
    { key: "landfall:proxy.httpsPort", allowed: "a port other than httpPort" },
  ]);
  expect(faultsOf({ ...minimal, proxy: { hsts: { preload: true, includeSubdomains: false } } })).toMatchObject([
    { key: "landfall:proxy.hsts.preload", allowed: expect.stringMatching(/^false; true only with/) as string },
  ]);
  expect(faultsOf({ ...minimal, postgres: { maxConnections: 30, pool: { size: 20 } } })).toMatchObject([
    { key: "landfall:postgres.pool.size" },
  ]);
  expect(faultsOf({ ...minimal, certificate: { validityDays: 20 } })).toMatchObject([
    { key: "landfall:certificate.renewalDays", allowed: "fewer days than validityDays" },
  ]);
});

test("a legacy server without its password names the command that sets it", () => {
  const learnmore = { kind: "server", host: "old.example.com", database: "learnmore", user: "reader" };
  const migration = { sources: { learnmore } };
  expect(faultsOf({ ...minimal, migration })).toMatchObject([
    {
      key: "landfall:secrets.learnmore.password",
      given: "nothing",
      allowed: "a value, set by: npx pulumi config set --secret --path 'landfall:secrets.learnmore.password'",
    },
  ]);
  expect(faultsOf({ ...minimal, migration, secrets: { learnmore: { password: "x" } } })).toEqual([]);
});

test("a secret's value is never shown in a fault", () => {
  const message = JSON.stringify(
    faultsOf({ ...minimal, secrets: { learnmore: { password: "", pasword: "hunter2" } } }),
  );
  expect(message).toContain("[secret]");
  expect(message).not.toContain("hunter2");
});

test("what browsers' preload lists would not take is refused", () => {
  const keysOf = (hsts: object): string[] => faultsOf({ ...minimal, proxy: { hsts } }).map(({ key }) => key);
  expect(keysOf({ preload: true })).toEqual([]);
  expect(keysOf({ preload: true, maxAge: "364 days" })).toEqual(["landfall:proxy.hsts.preload"]);
  expect(keysOf({ preload: true, maxAge: "0 days" })).toEqual(["landfall:proxy.hsts.preload"]);
  expect(keysOf({ maxAge: "99999999999999999999 days" })).toEqual(["landfall:proxy.hsts.maxAge"]);
});

test.each([
  ["hosts[1]", { hosts: ["localhost", "localhost"] }, "a name that is not in the list before"],
  [
    "dns.ttl",
    { dns: { provider: "cloudflare", zone: "x.org", ttl: 5 } },
    '"auto", or a whole number of seconds from 60',
  ],
  ["dns.signInRequests", { dns: { provider: "cloudflare", zone: "x.org", signInRequests: 1 } }, '"none", or a whole'],
  ["proxy.metricsNetworks[0]", { proxy: { metricsNetworks: ["::/0"] } }, "a network of yours"],
  ["policy.rules", { policy: { rules: [] } }, "a group of settings"],
  ["app.limits.memory", { app: { limits: { memory: "1 KiB" } } }, 'at least "6 MiB"'],
  ["app.limits.cpus", { app: { limits: { cpus: 0.001 } } }, "at least 0.01 processor cores"],
  ["app.gate.interval", { app: { gate: { interval: "0 seconds" } } }, "at least 1 second"],
  ["app.gate.deadline", { app: { gate: { passes: 20, interval: "5 seconds" } } }, "longer than as many intervals"],
  ["postgres.maxConnections", { postgres: { maxConnections: 300_000 } }, "at most 262143"],
  ["migration.deadline", { migration: { deadline: "0 seconds" } }, "at least 1 minute"],
])("%s is refused when nothing could come of it, with what is allowed", (key, settings, allowed) => {
  expect(faultsOf({ ...minimal, ...settings })).toContainEqual(
    expect.objectContaining({ key: `landfall:${key}`, allowed: expect.stringContaining(allowed) as string }),
  );
});

test("hosts of examples are refused where a Linode would be made for them, and taken for a rehearsal", () => {
  const hosts = ["learn.example.com", "www.yourdomain.com", "learn.myexample.com", "example.org.uk"];
  const config = json({ servers: [{ platform: "linode" }], hosts });
  const keysOf = (settings: Record<string, string>, isRehearsed: boolean): string[] => {
    try {
      parseSettings(settings, tokens, isRehearsed);
    } catch (error) {
      if (error instanceof SettingsError)
        return error.faults.map(({ key }) => key).filter((key) => key.includes("hosts"));
      throw error;
    }
    return [];
  };
  expect(keysOf(config, false)).toEqual(["landfall:hosts[0]", "landfall:hosts[1]"]);
  expect(keysOf(config, true)).toEqual([]);
  expect(keysOf(json({ ...minimal, hosts }), false)).toEqual([]);
});
