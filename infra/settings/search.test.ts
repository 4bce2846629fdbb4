import { expect, test } from "vitest";
import { parseSettings, SettingsError, type Fault } from "./parse.ts";

const roles = ["edge", "app", "database", "cache"];
const one = { name: "one", platform: "engine-at-hand", roles };

function faultsOf(settings: Readonly<Record<string, unknown>>, linode = true): readonly Fault[] {
  const all = Object.entries({ servers: [one], hosts: ["localhost"], ...settings });
  try {
    parseSettings(Object.fromEntries(all.map(([key, value]) => [key, JSON.stringify(value)])), {
      linode,
      cloudflare: false,
    });
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  return [];
}

const searching = { ...one, roles: [...roles, "search"] };

test("the database is searched unless Elasticsearch is asked for, on a server that is for it", () => {
  expect(faultsOf({})).toEqual([]);
  expect(faultsOf({ search: { engine: "elasticsearch" }, servers: [searching] })).toEqual([]);
});

test.each([
  [
    "Elasticsearch without a server for it",
    { search: { engine: "elasticsearch" } },
    "landfall:search.engine",
    'a server with the role "search"',
  ],
  [
    "a server for Elasticsearch, which nobody asks for",
    { servers: [searching] },
    "landfall:servers[0].roles",
    'roles without "search"',
  ],
  [
    "a heap of more than half the memory",
    { search: { engine: "elasticsearch", heap: "3 GiB", limits: { memory: "4 GiB" } }, servers: [searching] },
    "landfall:search.heap",
    "at most half of limits.memory",
  ],
  [
    "an index with capital letters",
    { search: { engine: "elasticsearch", index: "Content" }, servers: [searching] },
    "landfall:search.index",
    "lower-case letters",
  ],
  ["another engine", { search: { engine: "solr" } }, "landfall:search.engine", '"postgres" or "elasticsearch"'],
  [
    "object storage without a region",
    { storage: { provider: "linode" } },
    "landfall:storage.region",
    'such as "eu-central"',
  ],
  [
    "backups that are deleted at once",
    { storage: { provider: "linode", region: "eu-central", backups: { retentionDays: 0 } } },
    "landfall:storage.backups.retentionDays",
    "a whole number of days from 1 to 3650",
  ],
  [
    "a suffix that no bucket may have",
    { storage: { provider: "linode", region: "eu-central", suffix: "Acme!" } },
    "landfall:storage.suffix",
    "lower-case letters and digits",
  ],
])("%s is refused with the reason", (...[, settings, key, reason]) => {
  expect(faultsOf(settings)).toEqual([
    expect.objectContaining({ key, allowed: expect.stringContaining(reason) as string }),
  ]);
});

test("object storage of Linode's calls for Linode's token, wherever the servers are", () => {
  const storage = { provider: "linode", region: "eu-central" };
  expect(faultsOf({ storage })).toEqual([]);
  expect(faultsOf({ storage }, false)).toMatchObject([{ key: "linode:token" }]);
});
