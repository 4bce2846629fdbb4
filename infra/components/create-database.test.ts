import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { parseSettings } from "../settings/parse.ts";
import type { Settings } from "../settings/settings.ts";
import { engineAtHand } from "../testing/engine-at-hand.ts";
import { isSecretInput, mockEngine, unwrapped, valueOf, type RegisteredResource } from "../testing/mocks.ts";
import type { Database, Place } from "./database.ts";

const linode = { platform: "linode", type: "g6-standard-4", region: "eu-central" };
const managed = { type: "g6-dedicated-4", clusterSize: 3, maintenance: { day: "tuesday", hour: 4 } };

function settingsWith(postgres: unknown): Settings {
  const all = {
    servers: [
      { ...linode, name: "app", address: "10.77.0.21", roles: ["edge", "app"] },
      { ...linode, name: "data", address: "10.77.0.31", roles: ["database", "cache"], volume: "40 GiB" },
    ],
    access: { networks: ["203.0.113.0/24"] },
    hosts: ["learn.example.com"],
    dns: { provider: "cloudflare", zone: "example.com" },
    certificate: { issuer: "acme", email: "operations@example.com", challenge: "dns-01" },
    proxy: { address: "0.0.0.0" },
    secrets: { cloudflare: { dnsToken: "a token" } },
    postgres,
  };
  const config = Object.entries(all).map(([key, value]) => [key, JSON.stringify(value)] as const);
  return parseSettings(Object.fromEntries(config), { linode: true, cloudflare: true });
}

/** Everything that a choice of the database makes, with a pool on the app server and the migration beside the database. */
async function made(
  postgres: unknown,
): Promise<{ registered: RegisteredResource[]; database: Database; app: Place; data: Place }> {
  const registered = await mockEngine();
  const { Server } = await import("./server.ts");
  const { Network } = await import("./network.ts");
  const { CertificateAuthority } = await import("./certificate-authority.ts");
  const { createDatabase } = await import("./create-database.ts");
  const { PgBouncer } = await import("./pgbouncer.ts");
  const settings = settingsWith(postgres);
  const server = (generation: string, last: string, roles: Settings["servers"][number]["roles"]): Place => {
    const publicAddress = pulumi.output(`198.51.100.${last}`);
    const args = { ...engineAtHand, generation, roles, publicAddress, privateAddress: `10.77.0.${last}` };
    const made = new Server(args);
    return { server: made, network: new Network({ server: made }) };
  };
  const app = server("app-g1", "21", ["edge", "app"]);
  const place = server("data-g1", "31", ["database", "cache"]);
  const edge = server("edge-g1", "11", ["edge"]);
  const authority = new CertificateAuthority("authority", { commonName: "Test" });
  const servers = [app.server, place.server, edge.server];
  const database = createDatabase({ place, servers, authority, settings });
  const pool = new PgBouncer({ ...app, authority, database, settings: settings.postgres, after: [] });
  await valueOf(pool.gate.urn);
  await Promise.all(database.gates.map((gate) => valueOf(gate.urn)));
  return { registered, database, app, data: place };
}

function inputsOf(registered: RegisteredResource[], name: string): Readonly<Record<string, unknown>> {
  const found = registered.find((resource) => `${resource.type} ${resource.name}`.endsWith(name));
  if (found === undefined) throw new Error(`no ${name} was registered`);
  return found.inputs;
}

function fileOf(registered: RegisteredResource[], noun: string, file: string): unknown {
  const files = unwrapped(inputsOf(registered, `FileDelivery ${noun}-files`)["files"]) as Record<string, unknown>;
  return files[file];
}

describe("in a container", () => {
  let result: Awaited<ReturnType<typeof made>>;
  beforeAll(async () => {
    result = await made({});
  });

  test("it publishes its port on the server's private address alone, with a certificate for it", () => {
    const { registered } = result;
    const { ports, networksAdvanced } = inputsOf(registered, "Container data-g1-postgres");
    expect(ports).toEqual([{ internal: 5432, external: 5432, ip: "10.77.0.31" }]);
    expect(networksAdvanced).toEqual([
      { name: "landfall-test-data", aliases: ["postgres"] },
      { name: "landfall-test-peers", aliases: [] },
    ]);
    expect(inputsOf(registered, "LocalCertificate postgres-certificate")).toMatchObject({
      dnsNames: ["postgres"],
      ipAddresses: ["10.77.0.31"],
    });
  });

  test("a pool of another server reaches it by that address, and is reached by its name", () => {
    const { registered } = result;
    expect(fileOf(registered, "app-g1-pgbouncer", "pgbouncer.ini")).toContain("host=10.77.0.31 port=5432");
    expect(inputsOf(registered, "Container app-g1-pgbouncer")).toMatchObject({
      ports: [],
      networksAdvanced: [
        { name: "landfall-test-data", aliases: ["pgbouncer"] },
        { name: "landfall-test-peers", aliases: [] },
      ],
    });
  });

  test("its own server reaches it by its name, and passwords have names that no generation is part of", async () => {
    const { database, registered, app, data } = result;
    expect(database.owner(data.server)).toMatchObject({ host: "postgres", user: "landfall_owner" });
    expect(database.owner(app.server)).toMatchObject({ host: "10.77.0.31", user: "landfall_owner" });
    expect(database.network(data)).toBe(data.network.data);
    expect(database.network(app)).toBe(app.network.peers);
    expect(await valueOf(database.service(app.server).password)).toBe("generated-postgres-service-password");
    expect(registered.map(({ name }) => name)).toContain("postgres-owner-password");
  });
});

describe("as Linode's cluster", () => {
  let result: Awaited<ReturnType<typeof made>>;
  beforeAll(async () => {
    result = await made({ platform: "managed", managed });
  });

  test("the cluster admits the servers that work on it and no other, and has its window for maintenance", () => {
    const { registered } = result;
    expect(inputsOf(registered, "DatabasePostgresqlV2 managed-database")).toEqual({
      label: "landfall-test-database",
      engineId: "postgresql/17",
      region: "eu-central",
      type: "g6-dedicated-4",
      clusterSize: 3,
      allowLists: ["198.51.100.21/32", "198.51.100.31/32"],
      updates: { frequency: "weekly", dayOfWeek: 2, hourOfDay: 4, duration: 4 },
      engineConfigPgIdleInTransactionSessionTimeout: 600_000,
    });
    expect(registered.some(({ name }) => name === "data-g1-postgres-data")).toBe(false);
  });

  test("its roles are made by a job on the database server, the administrator's password a secret file", () => {
    const { registered } = result;
    const { envs, mustRun, command } = inputsOf(registered, "Container data-g1-database-roles");
    expect(command).toEqual(["prepare-database"]);
    expect(mustRun).toBe(false);
    expect(envs).toEqual(
      expect.arrayContaining([
        "ADMIN_HOST=primary.database.example",
        "ADMIN_PORT=16751",
        "POSTGRES_LEAST_CONNECTIONS=100",
      ]),
    );
    expect(JSON.stringify(envs)).not.toContain("root password");
    const files = inputsOf(registered, "FileDelivery data-g1-database-roles-files")["files"];
    expect(isSecretInput(files)).toBe(true);
    expect(unwrapped(files)).toMatchObject({ admin_password: "root password", "admin_ca.crt": "root of the cluster" });
    expect(inputsOf(registered, "JobGate data-g1-database-roles-done")).toMatchObject({
      container: "data-g1-database-roles-id",
      deadlineSeconds: 300,
    });
  });

  test("the pool reaches it by its own name and verifies it with its own root", () => {
    const { registered } = result;
    expect(fileOf(registered, "app-g1-pgbouncer", "pgbouncer.ini")).toContain(
      "host=primary.database.example port=16751 dbname=landfall",
    );
    expect(fileOf(registered, "app-g1-pgbouncer", "database-ca.crt")).toBe("root of the cluster");
  });
});

describe("moved from a container to the cluster", () => {
  let result: Awaited<ReturnType<typeof made>>;
  let before: Awaited<ReturnType<typeof made>>;
  beforeAll(async () => {
    before = await made({});
    result = await made({ platform: "managed", managed, moveFrom: "container" });
  });

  test("the container stays exactly as it is", () => {
    const ofContainer = ({ registered }: typeof result): RegisteredResource[] =>
      registered.filter(({ name }) => name.includes("postgres") && !name.includes("image"));
    expect(ofContainer(before)).not.toEqual([]);
    expect(result.registered.filter(({ type }) => type.endsWith("RandomPassword"))).toEqual(
      before.registered.filter(({ type }) => type.endsWith("RandomPassword")),
    );
    expect(ofContainer(result).map(({ type, name }) => `${type} ${name}`)).toEqual(
      expect.arrayContaining(ofContainer(before).map(({ type, name }) => `${type} ${name}`)),
    );
    expect(inputsOf(result.registered, "Container data-g1-postgres")).toEqual(
      inputsOf(before.registered, "Container data-g1-postgres"),
    );
  });

  test("the job is told of both databases, on networks that lead to both", () => {
    const { command, envs, networksAdvanced } = inputsOf(result.registered, "Container data-g1-database-move");
    expect(command).toEqual(["move-database"]);
    expect(envs).toEqual(
      expect.arrayContaining([
        "SOURCE_HOST=postgres",
        "SOURCE_SERVICE_USER=landfall_app",
        "TARGET_HOST=primary.database.example",
        "TARGET_CA_FILE=/run/secrets/target_ca.crt",
        "MOVE_JOBS=2",
      ]),
    );
    expect(networksAdvanced).toEqual([
      { name: "landfall-test-data", aliases: [] },
      { name: "landfall-test-peers", aliases: [] },
    ]);
  });

  test("the pools lead to the cluster, after the move's gate", async () => {
    expect(fileOf(result.registered, "app-g1-pgbouncer", "pgbouncer.ini")).toContain("host=primary.database.example");
    const names = await Promise.all(result.database.gates.map((gate) => valueOf(gate.urn)));
    expect(names.map((urn) => urn.split("::").at(-1))).toEqual([
      "data-g1-database-roles-done",
      "data-g1-database-move-done",
    ]);
  });
});
