import type { PostgresSettings } from "../settings/postgres.ts";
import { mebibytes } from "../settings/units.ts";

/**
 * The server's command line. What is not named is PostgreSQL's default.
 * WAL of twice a large load's size keeps checkpoints out of a migration's way.
 */
export function postgresArguments({ maxConnections, sharedBuffers }: PostgresSettings): string[] {
  const settings = {
    max_connections: String(maxConnections),
    shared_buffers: `${String(mebibytes(sharedBuffers))}MB`,
    password_encryption: "scram-sha-256",
    max_wal_size: "2GB",
    checkpoint_timeout: "15min",
    wal_compression: "on",
    idle_in_transaction_session_timeout: "10min",
    log_lock_waits: "on",
    log_min_duration_statement: "1000",
    log_line_prefix: "%m [%p] %q%u@%d ",
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}
