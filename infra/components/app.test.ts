import { beforeAll, expect, test } from "vitest";
import { engineAtHand } from "../testing/engine-at-hand.ts";
import { inputsIn, isSecretInput, mockEngine, unwrapped, valueOf, type RegisteredResource } from "../testing/mocks.ts";
import type { Apps, AppsArgs } from "./apps.ts";
import type { Server } from "./server.ts";

let registered: RegisteredResource[];
let args: AppsArgs;
let app: Apps;
let settings: AppsArgs["settings"];
let server: Server;
let make: (changes: Partial<AppsArgs>) => Apps;
let makeOnTwo: () => Apps;
let makeAlone: (leadsOut: boolean) => Apps;

const inputsOf = (type: string, name: string): RegisteredResource["inputs"] => inputsIn(registered, type, name);

beforeAll(async () => {
  registered = await mockEngine();
  const { createApps } = await import("./apps.ts");
  const { CertificateAuthority } = await import("./certificate-authority.ts");
  const { databasePasswords } = await import("./database-passwords.ts");
  const { Network } = await import("./network.ts");
  const { Postgres } = await import("./postgres.ts");
  const { Redis } = await import("./redis.ts");
  const { Server: Component } = await import("./server.ts");
  const { app: appSettings } = await import("../settings/app.ts");
  const { postgres } = await import("../settings/postgres.ts");
  const { proxy } = await import("../settings/proxy.ts");
  const { redis: redisSettings } = await import("../settings/redis.ts");
  server = new Component({ ...engineAtHand, generation: "one", privateAddress: "10.77.0.21" });
  const other = new Component({ ...engineAtHand, generation: "two", privateAddress: "10.77.0.22" });
  const network = new Network({ server });
  const authority = new CertificateAuthority("authority", { commonName: "Test" });
  const database = new Postgres({
    ...{ server, network, authority },
    passwords: databasePasswords(),
    settings: postgres.parse({}),
  });
  const redis = new Redis({ server, network, authority, settings: redisSettings.parse({}) });
  const parts = [
    { environment: { MEDIA: "here" }, files: { media_key: "key" }, hostFiles: {}, leadsOut: true, checks: ["storage"] },
  ];
  settings = { app: appSettings.parse({}), hosts: ["localhost"], postgres: postgres.parse({}), proxy: proxy.parse({}) };
  args = {
    places: [{ server, network, parts }],
    database,
    redis,
    authority,
    environment: "test",
    systems: ["learnmore"],
    settings,
    after: [],
  };
  const second = { server: other, network: new Network({ server: other }), parts };
  await Promise.all([...database.gates, redis.gate].map((gate) => valueOf(gate.urn)));
  registered.length = 0;
  make = (changes) => createApps({ ...args, ...changes });
  makeAlone = (leadsOut) => {
    const alone = new Component({ ...engineAtHand, generation: `alone-${String(leadsOut)}` });
    const own = new Postgres({
      ...{ server: alone, network: new Network({ server: alone }), authority },
      passwords: databasePasswords(),
      settings: postgres.parse({}),
    });
    const cache = { address: () => ({ host: "redis", port: 6379 }), password: redis.password };
    return make({
      places: [
        { server: alone, network: new Network({ server: alone }), parts: parts.map((part) => ({ ...part, leadsOut })) },
      ],
      database: own,
      redis: Object.assign(Object.create(redis) as typeof redis, cache),
    });
  };
  makeOnTwo = () => make({ places: [...args.places, second] });
  app = make({});
  await settled(app);
});

/** Waits until all of a release is registered. */
async function settled({ gates }: Apps): Promise<void> {
  await Promise.all(gates.map((gate) => valueOf(gate.urn)));
}

test("a release is exactly these resources, its identity in the names of what lives beside another release", () => {
  const besides = registered.filter(({ name }) => !/pool|pgbouncer|backend|app-proxy|nginx/.test(name));
  expect(besides.map(({ type, name }) => `${type} ${name}`.replaceAll(app.release, "RELEASE")).sort()).toEqual(
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
  expect(make({ settings: { ...settings, hosts: ["learn.example.com"] } }).release).not.toBe(app.release);
  expect(make({ settings: { ...settings, app: { ...settings.app, logLevel: "debug" } } }).release).not.toBe(
    app.release,
  );
  expect(
    make({ settings: { ...settings, app: { ...settings.app, limits: { memory: "1 GiB", cpus: 1 } } } }).release,
  ).not.toBe(app.release);
});

test("a release is one on all servers, and nothing of the others is touched before it serves on the first", async () => {
  registered.length = 0;
  const apps = makeOnTwo();
  await settled(apps);
  const { release } = apps;
  const redisOf = (generation: string): unknown =>
    inputsOf("docker:index/container:Container", `${generation}-app-${release}`)["envs"];
  expect(redisOf("one")).toContain("REDIS_HOST=redis");
  expect(redisOf("two")).toContain("REDIS_HOST=10.77.0.21");
  const ran = registered.filter(({ type }) => /:Container$|:HealthGate$/.test(type)).map(({ name }) => name);
  for (const later of ["two-pgbouncer", "two-backend", `two-app-${release}`]) {
    expect([later, ran.indexOf("one-backend-healthy") < ran.indexOf(later)]).toEqual([later, true]);
  }
  expect(apps.upstream).toEqual({
    kind: "servers",
    servers: [
      { address: "10.77.0.21", port: 8443 },
      { address: "10.77.0.22", port: 8443 },
    ],
  });
});

test.each([true, false])("on the only server it has a way out when a part of it leads there: %s", async (leadsOut) => {
  const alone = makeAlone(leadsOut);
  await settled(alone);
  const name = `alone-${String(leadsOut)}-app-${alone.release}`;
  const { networksAdvanced } = inputsOf("docker:index/container:Container", name);
  expect((networksAdvanced as { name: string }[]).map((network) => network.name)).toEqual([
    "landfall-test-service",
    "landfall-test-data",
    ...(leadsOut ? ["landfall-test-edge"] : []),
  ]);
});
