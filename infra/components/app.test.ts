import { beforeAll, expect, test } from "vitest";
import { engineAtHand } from "../testing/engine-at-hand.ts";
import { isSecretInput, mockEngine, unwrapped, valueOf, type RegisteredResource } from "../testing/mocks.ts";
import type { App } from "./app.ts";
import type { Apps, AppsArgs } from "./apps.ts";
import type { Server } from "./server.ts";

let registered: RegisteredResource[];
let args: AppsArgs;
let app: App;
let server: Server;
let make: (changes: Partial<AppsArgs>) => Apps;
let makeOnTwo: () => Apps;
let makeAlone: (leadsOut: boolean) => Apps;

const inputsOf = (type: string, name: string): Readonly<Record<string, unknown>> => {
  const found = registered.find((resource) => resource.type === type && resource.name === name);
  if (found === undefined) throw new Error(`no ${type} named ${name} was registered`);
  return found.inputs;
};

beforeAll(async () => {
  registered = await mockEngine();
  const { createApps } = await import("./apps.ts");
  const { CertificateAuthority } = await import("./certificate-authority.ts");
  const { Network } = await import("./network.ts");
  const { PgBouncer } = await import("./pgbouncer.ts");
  const { Postgres } = await import("./postgres.ts");
  const { databasePasswords } = await import("./database-passwords.ts");
  const { Redis } = await import("./redis.ts");
  const { Server: Component } = await import("./server.ts");
  const { app: settings } = await import("../settings/app.ts");
  const { postgres: postgresSettings } = await import("../settings/postgres.ts");
  const { redis: redisSettings } = await import("../settings/redis.ts");
  server = new Component({ ...engineAtHand, generation: "one", privateAddress: "10.77.0.21" });
  const other = new Component({ ...engineAtHand, generation: "two", privateAddress: "10.77.0.22" });
  const network = new Network({ server });
  const authority = new CertificateAuthority("authority", { commonName: "Test" });
  const database = new Postgres({
    ...{ server, network, authority },
    passwords: databasePasswords(),
    settings: postgresSettings.parse({}),
  });
  const pooled = { authority, database, settings: postgresSettings.parse({}) };
  const pool = new PgBouncer({ server, network, ...pooled });
  const redis = new Redis({ server, network, authority, settings: redisSettings.parse({}) });
  const media = {
    environment: { MEDIA: "here" },
    files: { media_key: "key" },
    hostFiles: {},
    leadsOut: true,
    checks: ["storage"],
  };
  args = {
    places: [{ server, network, pool, parts: [media] }],
    redis,
    environment: "test",
    hosts: ["localhost"],
    systems: ["learnmore"],
    settings: settings.parse({}),
    after: [],
  };
  const otherNetwork = new Network({ server: other });
  const otherPool = new PgBouncer({ server: other, network: otherNetwork, ...pooled });
  await Promise.all([pool.gate, otherPool.gate, redis.gate].map((gate) => valueOf(gate.urn)));
  registered.length = 0;
  make = (changes) => createApps({ ...args, ...changes });
  makeOnTwo = () => {
    const second = { server: other, network: otherNetwork, pool: otherPool, parts: [media] };
    return make({ places: [...args.places, second] });
  };
  makeAlone = (leadsOut) => {
    const alone = new Component({ ...engineAtHand, generation: `alone-${String(leadsOut)}` });
    const place = { server: alone, network: new Network({ server: alone }), pool };
    return make({ places: [{ ...place, parts: [{ ...media, leadsOut }] }] });
  };
  [app] = make({}).apps;
  await valueOf(app.gate.urn);
});

test("a release is exactly these resources, its identity in the names of what lives beside another release", () => {
  expect(registered.map(({ type, name }) => `${type} ${name}`.replaceAll(app.release, "RELEASE")).sort()).toEqual(
    [
      "landfall:infra:App GENERATION-service",
      "landfall:infra:AppSecrets app-secrets",
      "landfall:infra:GeneratedSecret operator-password",
      "random:index/randomPassword:RandomPassword operator-password",
      "landfall:infra:GeneratedSecret app-secret-key",
      "random:index/randomPassword:RandomPassword app-secret-key",
      "landfall:infra:Image GENERATION-image-node",
      "docker:index/remoteImage:RemoteImage GENERATION-node",
      "landfall:infra:Image GENERATION-image-app",
      "docker:index/remoteImage:RemoteImage GENERATION-app",
      "landfall:infra:Service GENERATION-service-app-RELEASE",
      "docker:index/volume:Volume GENERATION-app-RELEASE-secrets",
      "pulumi-nodejs:dynamic/delivery:FileDelivery GENERATION-app-RELEASE-files",
      "docker:index/container:Container GENERATION-app-RELEASE",
      "pulumi-nodejs:dynamic/gate:HealthGate GENERATION-app-RELEASE-healthy",
    ]
      .map((line) => line.replace("GENERATION", server.logicalName("x").slice(0, -2)))
      .sort(),
  );
});

test("the gate compares the release, every dependency and the image", () => {
  const gate = inputsOf("pulumi-nodejs:dynamic/gate:HealthGate", server.logicalName(`app-${app.release}-healthy`));
  expect(gate).toMatchObject({
    release: app.release,
    checks: ["database", "redis", "migration", "storage"],
    probe: { kind: "inside", url: "http://127.0.0.1:8000/health/ready" },
    image: `sha256:${server.logicalName("app")}`,
    passes: 3,
    deadlineSeconds: 90,
  });
});

test("secrets reach it as files that only its user reads, and the pool is asked over TLS", () => {
  const { files, owner } = inputsOf(
    "pulumi-nodejs:dynamic/delivery:FileDelivery",
    server.logicalName(`app-${app.release}-files`),
  );
  expect(owner).toBe(10001);
  expect(isSecretInput(files)).toBe(true);
  expect(unwrapped(files)).toEqual({
    secret_key: "generated-app-secret-key",
    db_password: "generated-postgres-service-password",
    "db_ca.crt": "certificate of authority",
    redis_password: "generated-redis-password",
    "redis_ca.crt": "certificate of authority",
    operator_password: "generated-operator-password",
    media_key: "key",
  });
  const { envs } = inputsOf("docker:index/container:Container", server.logicalName(`app-${app.release}`));
  expect(envs).toEqual(
    expect.arrayContaining(["DB_HOST=pgbouncer", "DB_CA_FILE=/run/secrets/db_ca.crt", "MEDIA=here"]),
  );
});

test("another configuration is another release, the same one is the same", () => {
  expect(make({}).release).toBe(app.release);
  expect(make({ hosts: ["learn.example.com"] }).release).not.toBe(app.release);
  expect(make({ settings: { ...args.settings, logLevel: "debug" } }).release).not.toBe(app.release);
  expect(make({ settings: { ...args.settings, limits: { memory: "1 GiB", cpus: 1 } } }).release).not.toBe(app.release);
});

test("a release is one on all servers, and the others wait for the first", async () => {
  registered.length = 0;
  const { release, apps } = makeOnTwo();
  await Promise.all(apps.map(({ gate }) => valueOf(gate.urn)));
  expect(apps.map((one) => one.release)).toEqual([release, release]);
  const redisOf = (generation: string): unknown =>
    inputsOf("docker:index/container:Container", `${generation}-app-${release}`)["envs"];
  expect(redisOf("one")).toContain("REDIS_HOST=redis");
  expect(redisOf("two")).toContain("REDIS_HOST=10.77.0.21");
  expect(registered.map(({ name }) => name).indexOf(`one-app-${release}-healthy`)).toBeLessThan(
    registered.map(({ name }) => name).indexOf(`two-app-${release}`),
  );
});

test.each([true, false])("on the only server it has a way out when a part of it leads there: %s", async (leadsOut) => {
  const { release, apps } = makeAlone(leadsOut);
  await valueOf(apps[0].gate.urn);
  const name = `alone-${String(leadsOut)}-app-${release}`;
  const { networksAdvanced } = inputsOf("docker:index/container:Container", name);
  expect((networksAdvanced as { name: string }[]).map((network) => network.name)).toEqual([
    "landfall-test-service",
    "landfall-test-data",
    ...(leadsOut ? ["landfall-test-edge"] : []),
  ]);
});
