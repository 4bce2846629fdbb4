import type { Redis } from "./redis.ts";
import type { Server } from "./server.ts";
import type { DeliveredFiles } from "./service.ts";

/** The environment variables by which a container of a server learns where Redis is: `REDIS_HOST` and so on. */
export function redisEnvironment(redis: Redis, from: Server): Record<string, string> {
  const { host, port } = redis.address(from);
  return {
    REDIS_HOST: host,
    REDIS_PORT: String(port),
    REDIS_PASSWORD_FILE: "/run/secrets/redis_password",
    REDIS_CA_FILE: "/run/secrets/redis_ca.crt",
  };
}

/** The files that these variables point to. */
export function redisFiles(redis: Redis): DeliveredFiles {
  return { redis_password: redis.password, "redis_ca.crt": redis.rootCertificate };
}
