import { beforeAll, expect, test } from "vitest";
import { engineAtHand } from "../testing/engine-at-hand.ts";
import { isSecretInput, mockEngine, unwrapped, valueOf, type RegisteredResource } from "../testing/mocks.ts";
import type { Place } from "./database.ts";
import type { Redis } from "./redis.ts";
import type { Server } from "./server.ts";

let registered: RegisteredResource[];
let redis: Redis;
let cache: Place;
let app: Place;
let environmentOf: (server: Server) => Record<string, string>;

const inputsOf = (name: string): Readonly<Record<string, unknown>> => {
  const found = registered.find((resource) => `${resource.type} ${resource.name}`.endsWith(name));
  if (found === undefined) throw new Error(`no ${name} was registered`);
  return found.inputs;
};

beforeAll(async () => {
  registered = await mockEngine();
  const { Server } = await import("./server.ts");
  const { Network } = await import("./network.ts");
  const { CertificateAuthority } = await import("./certificate-authority.ts");
  const { Redis } = await import("./redis.ts");
  const { redisEnvironment } = await import("./redis-environment.ts");
  const { redis: schema } = await import("../settings/redis.ts");
  const place = (generation: string, privateAddress: string): Place => {
    const server = new Server({ ...engineAtHand, generation, privateAddress });
    return { server, network: new Network({ server }) };
  };
  cache = place("cache-g1", "10.77.0.41");
  app = place("app-g1", "10.77.0.21");
  const authority = new CertificateAuthority("authority", { commonName: "Test" });
  redis = new Redis({ ...cache, authority, settings: schema.parse({}) });
  environmentOf = (server) => redisEnvironment(redis, server);
  await valueOf(redis.gate.urn);
});

test("it publishes its port on the server's private address alone, with a certificate for it", () => {
  expect(inputsOf("Container cache-g1-redis")).toMatchObject({
    ports: [{ internal: 6379, external: 6379, ip: "10.77.0.41" }],
    networksAdvanced: [
      { name: "landfall-test-data", aliases: ["redis"] },
      { name: "landfall-test-peers", aliases: [] },
    ],
  });
  expect(inputsOf("LocalCertificate redis-certificate")).toMatchObject({
    dnsNames: ["redis"],
    ipAddresses: ["10.77.0.41"],
  });
});

test("its configuration takes TLS only, and is a secret for its password", () => {
  const { files } = inputsOf("FileDelivery cache-g1-redis-files");
  expect(isSecretInput(files)).toBe(true);
  expect(unwrapped(files)).toMatchObject({
    "redis.conf": expect.stringMatching(
      /^port 0\ntls-port 6379$[\s\S]*^requirepass generated-redis-password$/m,
    ) as string,
    "ca.crt": "certificate of authority",
    "server.key": "key of redis-certificate",
  });
});

test("its own server reaches it by its name, another one by its address, both with the root to trust", () => {
  expect(environmentOf(cache.server)).toEqual({
    REDIS_HOST: "redis",
    REDIS_PORT: "6379",
    REDIS_PASSWORD_FILE: "/run/secrets/redis_password",
    REDIS_CA_FILE: "/run/secrets/redis_ca.crt",
  });
  expect(environmentOf(app.server)["REDIS_HOST"]).toBe("10.77.0.41");
});

test("a server that has no way to it is told so, instead of being sent nowhere", async () => {
  const { hostFrom } = await import("./database.ts");
  const { Server } = await import("./server.ts");
  const lonely = new Server({ ...engineAtHand, generation: "lonely" });
  expect(() => hostFrom(app.server, { server: lonely, alias: "redis" })).toThrow("no private address");
});
