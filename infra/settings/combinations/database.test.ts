import { expect, test } from "vitest";
import { postgres as schema } from "../postgres.ts";
import type { Settings } from "../settings.ts";
import { wrongDatabase } from "./database.ts";

type Server = Pick<Settings["servers"][number], "roles" | "platform">;

const app: Server = { platform: "linode", roles: ["app"] };
const data: Server = { platform: "linode", roles: ["database"] };
const managed = { type: "g6-dedicated-4" };

function faultsOf(postgres: unknown, servers: readonly Server[] = [app, data]): [string, string][] {
  const settings = { postgres: schema.parse(postgres), servers, app: { poolSize: 10 } } as unknown as Settings;
  return wrongDatabase(settings).map(({ path, message }) => [path.join("."), message]);
}

test("a container, a cluster, and a move either way are right", () => {
  for (const postgres of [
    {},
    { platform: "managed", managed },
    { platform: "managed", managed, moveFrom: "container" },
    { platform: "container", managed, moveFrom: "managed" },
  ]) {
    expect(faultsOf(postgres)).toEqual([]);
  }
});

test("the pools of all app servers together leave connections to others", () => {
  expect(faultsOf({ maxConnections: 100, pool: { size: 21 } }, [app, app, app, app, data])).toEqual([]);
  expect(faultsOf({ maxConnections: 100, pool: { size: 22 } }, [app, app, app, app, data])).toEqual([
    [
      "postgres.pool.size",
      "at most 21: landfall:postgres.maxConnections (100) less 15, which the migration, backups and the operator need, shared by the pools of 4 servers with the role 'app'",
    ],
  ]);
  expect(faultsOf({ maxConnections: 30, pool: { size: 16 } })).toEqual([
    [
      "postgres.pool.size",
      "at most 15: landfall:postgres.maxConnections (30) less 15, which the migration, backups and the operator need",
    ],
  ]);
});

test("a move leads from one platform to the other", () => {
  expect(faultsOf({ platform: "managed", managed, moveFrom: "managed" })).toEqual([
    ["postgres.moveFrom", '"container", or nothing: the database is at "managed" (landfall:postgres.platform)'],
  ]);
});

test("a cluster is described where there is one, and only there", () => {
  expect(faultsOf({ platform: "managed" }).map(([key]) => key)).toEqual(["postgres.managed"]);
  expect(faultsOf({ managed }).map(([key]) => key)).toEqual(["postgres.managed"]);
});

test("a cluster wants servers whose public addresses it can admit", () => {
  const here: Server = { platform: "engine-at-hand", roles: ["app", "database"] };
  expect(faultsOf({ platform: "managed", managed }, [here]).map(([key]) => key)).toEqual(["postgres.platform"]);
});

test("a cluster of two nodes needs a dedicated plan", () => {
  expect(schema.safeParse({ managed: { type: "g6-standard-4", clusterSize: 2 } }).success).toBe(false);
  expect(schema.safeParse({ managed: { type: "g6-dedicated-4", clusterSize: 2 } }).success).toBe(true);
});

test("a container's cache leaves memory for its sessions, and a cluster's is Linode's to say", () => {
  const large = { sharedBuffers: "2 GiB", limits: { memory: "2 GiB" } };
  const refused = [["postgres.sharedBuffers", expect.stringContaining("at most three quarters")]];
  expect(faultsOf(large)).toEqual(refused);
  expect(faultsOf({ ...large, platform: "managed", managed, moveFrom: "container" })).toEqual(refused);
  expect(faultsOf({ ...large, platform: "managed", managed })).toEqual([]);
  expect(faultsOf({ sharedBuffers: "1536 MiB", limits: { memory: "2 GiB" } })).toEqual([]);
});

test("a pool takes the connections of two releases, as they stand side by side", () => {
  expect(faultsOf({ pool: { maxClients: 20 } })).toEqual([]);
  expect(faultsOf({ pool: { maxClients: 19 } })).toEqual([
    ["postgres.pool.maxClients", expect.stringMatching(/^at least 20: .* landfall:app\.poolSize \(10\) each$/)],
  ]);
});
