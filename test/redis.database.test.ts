import type { Container } from "dockerode";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRedis } from "../app/redis.ts";
import { createAuthority } from "../infra/certificates/authority.ts";
import { redis as schema } from "../infra/settings/redis.ts";
import { Estate } from "./services/estate.ts";
import { untilReady } from "./services/ready.ts";
import { renderRedis } from "../infra/redis/configuration.ts";

const password = "p".repeat(40);
let estate: Estate;
let container: Container;

beforeAll(async () => {
  estate = await Estate.open();
  container = await estate.run({
    image: "redis",
    user: 997,
    address: 21,
    alias: "redis",
    temporary: ["/var/lib/redis"],
    files: {
      "redis.conf": renderRedis(schema.parse({}), password),
      "ca.crt": estate.authority.certificate,
      ...(await estate.certificate(["redis"], [estate.address(21)])),
    },
  });
  await untilReady("Redis", container, ["/usr/local/bin/health.sh"]);
});
afterAll(() => estate.close());

/** What the service hears from Redis by its address, trusting one root. */
async function ask(authority: string): Promise<unknown> {
  const errors: Error[] = [];
  const redis = openRedis(
    { host: estate.address(21), port: 6379, password, database: 0, tls: true, authority },
    (error) => errors.push(error),
  );
  try {
    await redis.tried;
    return await redis.ask((client) => client.ping()).catch(() => errors[0]?.message);
  } finally {
    redis.close();
  }
}

test("the service reaches Redis by its address, over TLS that it verifies", async () => {
  expect(await ask(estate.authority.certificate)).toBe("PONG");
});

test("a Redis whose certificate comes from another root is refused", async () => {
  const other = await createAuthority({ commonName: "Another", validityDays: 2 });
  expect(await ask(other.certificate)).toMatch(/certificate|self-signed|unable to verify/i);
});

test("nothing is answered without TLS", async () => {
  const { exitCode, stderr, stdout } = await estate.execute(container, ["redis-cli", "-h", "127.0.0.1", "ping"]);
  expect(`${stdout}${stderr}`).not.toContain("PONG");
  expect(exitCode).not.toBe(0);
});
