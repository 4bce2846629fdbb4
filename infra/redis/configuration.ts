import type { RedisSettings } from "../settings/redis.ts";
import { bytes } from "../settings/units.ts";

/** Port that Redis listens on, with TLS. */
export const redisPort = 6379;

/**
 * The configuration of Redis. Sessions live here, so nothing is ever evicted and every second's writes are on disk
 * (append-only file). It takes connections over TLS only; clients show a password, and no certificate. The password
 * stands in it: the whole text is a secret.
 */
export function renderRedis({ maxMemory }: RedisSettings, password: string): string {
  return `bind 0.0.0.0
port 0
tls-port ${String(redisPort)}
tls-cert-file /run/secrets/server.crt
tls-key-file /run/secrets/server.key
tls-ca-cert-file /run/secrets/ca.crt
tls-auth-clients no
tls-protocols "TLSv1.2 TLSv1.3"
protected-mode yes
requirepass ${password}
dir /var/lib/redis
appendonly yes
appendfsync everysec
maxmemory ${String(bytes(maxMemory))}
maxmemory-policy noeviction
databases 1
daemonize no
logfile ""
loglevel notice
timeout 0
tcp-keepalive 60
`;
}
