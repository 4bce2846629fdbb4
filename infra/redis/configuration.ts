import type { RedisSettings } from "../settings/redis.ts";
import { bytes } from "../settings/units.ts";

/**
 * The configuration of Redis. Sessions live here, so nothing is ever evicted and every second's writes are on disk
 * (append-only file). The password stands in it: the whole text is a secret.
 */
export function renderRedis({ maxMemory }: RedisSettings, password: string): string {
  return `bind 0.0.0.0
port 6379
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
