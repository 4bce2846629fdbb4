import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { plans } from "@landfall/migration/plans/plans";
import { expect, test } from "vitest";
import { projectRoot } from "../../images/files.ts";
import { legacyEngines, legacySystems } from "./migration.ts";
import { parseSettings, SettingsError, type Fault } from "./parse.ts";
import type { Settings } from "./settings.ts";

const minimal = {
  servers: [{ name: "one", platform: "engine-at-hand", roles: ["edge", "app", "database", "cache"] }],
  hosts: ["localhost"],
};
const server = { kind: "server", host: "old.example.com", database: "old", user: "reader" };
const readers = Object.fromEntries(
  ["learnmore", "unpuzzle", "openlearn", "listcutter"].map((system) => [system, { password: `of ${system}` }]),
);

function settingsOf(sources: Readonly<Record<string, unknown>>, secrets: unknown = readers): Settings {
  const all = { ...minimal, migration: { sources }, secrets };
  return parseSettings(Object.fromEntries(Object.entries(all).map(([key, value]) => [key, JSON.stringify(value)])), {
    linode: true,
    cloudflare: true,
  });
}

function faultsOf(sources: Readonly<Record<string, unknown>>, secrets?: unknown): readonly Fault[] {
  try {
    settingsOf(sources, secrets);
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  return [];
}

test("every system with a plan can land, in the order of the plans and from the engine that its plan names", () => {
  expect(legacySystems).toEqual([...plans.keys()]);
  expect(legacyEngines).toEqual(Object.fromEntries([...plans].map(([system, { engine }]) => [system, engine])));
});

test("every system has a sample", () => {
  expect(faultsOf(Object.fromEntries(legacySystems.map((system) => [system, { kind: "sample" }])), {})).toEqual([]);
});

test("a server's port is its engine's unless said otherwise", () => {
  const { sources } = settingsOf({
    learnmore: server,
    unpuzzle: server,
    listcutter: { ...server, port: 6432 },
  }).migration;
  expect(sources.learnmore).toMatchObject({ port: 5432 });
  expect(sources.unpuzzle).toMatchObject({ port: 3306 });
  expect(sources.listcutter).toMatchObject({ port: 6432 });
});

test("each server calls for a password of its own, and a file for none", () => {
  const sources = { unpuzzle: server, openlearn: server, dirfinal: { kind: "file", path: "dirfinal/directory.db" } };
  expect(faultsOf(sources, { openlearn: { password: "x" } })).toEqual([
    {
      key: "landfall:secrets.unpuzzle.password",
      given: "nothing",
      allowed: "a value, set by: npx pulumi config set --secret --path 'landfall:secrets.unpuzzle.password'",
    },
  ]);
});

test.each(["/srv/directory.db", "../directory.db", "a/../../directory.db", "a/./b", "a//b", "a/", "", "."])(
  "%o is no path in the volume of legacy files",
  (path) => {
    const allowed = 'a path in the volume `legacy-files`, such as "dirfinal/directory.db"';
    expect(faultsOf({ dirfinal: { kind: "file", path } })).toEqual([
      { key: "landfall:migration.sources.dirfinal.path", given: JSON.stringify(path), allowed },
    ]);
  },
);

test.each(["directory.db", "dirfinal/directory.db", "..a/b..", "für alle/media 2"])(
  "%o is a path in the volume of legacy files",
  (path) => {
    expect(faultsOf({ dirfinal: { kind: "file", path, media: path } })).toEqual([]);
  },
);

test("what does not suit a system is refused, with what does", () => {
  expect(
    faultsOf({
      learnmore: { ...server, media: "media" },
      dirfinal: server,
      unpuzzle: { kind: "file", path: "a.db" },
      openlearn: { ...server, host: "127.0.0.1", port: 0, rootCertificate: "none" },
      listcutter: { kind: "sample", media: "media" },
    }),
  ).toEqual([
    {
      key: "landfall:migration.sources.learnmore.media",
      given: '"media"',
      allowed: "nothing: there is no such setting",
    },
    { key: "landfall:migration.sources.dirfinal.kind", given: '"server"', allowed: '"sample" or "file"' },
    { key: "landfall:migration.sources.unpuzzle.kind", given: '"file"', allowed: '"sample" or "server"' },
    {
      key: "landfall:migration.sources.openlearn.host",
      given: '"127.0.0.1"',
      allowed: "a host name or address that the container of the migration reaches; this one is that container itself",
    },
    { key: "landfall:migration.sources.openlearn.port", given: "0", allowed: "a port from 1 to 65535" },
    {
      key: "landfall:migration.sources.openlearn.rootCertificate",
      given: '"none"',
      allowed: "a root certificate, PEM",
    },
    {
      key: "landfall:migration.sources.listcutter.media",
      given: '"media"',
      allowed: "nothing: there is no such setting",
    },
  ]);
});

test.each(["local", "staging", "production"])("the examples in the settings file of %s are right", (stack) => {
  const text = readFileSync(join(projectRoot, `Pulumi.${stack}.yaml`), "utf8");
  const examples = text.split("\n").flatMap((line) => {
    const [, system = "", value = ""] = /^ *# +(\w+): (\{ kind: .*\})$/.exec(line) ?? [];
    return system === "" ? [] : [[system, parse(value)] as const];
  });
  expect(examples.length).toBeGreaterThan(2);
  expect(faultsOf(Object.fromEntries(examples))).toEqual([]);
});
