import type { PostgresSettings } from "../settings/postgres.ts";

/** Port that PgBouncer listens on. */
export const pgbouncerPort = 6432;

/** What PgBouncer's configuration is rendered from. */
export interface PgBouncerConfiguration {
  /** Name or address of the database's server, which its certificate has to be for. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly pool: PostgresSettings["pool"];
}

/** The configuration of PgBouncer: transaction pooling, TLS on both sides, passwords by SCRAM. */
export function renderPgBouncer({ host, port, database, pool }: PgBouncerConfiguration): string {
  return `[databases]
${database} = host=${host} port=${String(port)} dbname=${database}

[pgbouncer]
listen_addr = 0.0.0.0
listen_port = ${String(pgbouncerPort)}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = /run/secrets/userlist.txt
pool_mode = transaction
default_pool_size = ${String(pool.size)}
max_db_connections = ${String(pool.size)}
max_client_conn = ${String(pool.maxClients)}
max_prepared_statements = 200
server_lifetime = 3600
server_idle_timeout = 60
server_connect_timeout = 10
server_login_retry = 1
query_wait_timeout = 10
ignore_startup_parameters = extra_float_digits
client_tls_sslmode = require
client_tls_cert_file = /run/secrets/server.crt
client_tls_key_file = /run/secrets/server.key
client_tls_ca_file = /run/secrets/ca.crt
client_tls_protocols = secure
server_tls_sslmode = verify-full
server_tls_ca_file = /run/secrets/database-ca.crt
log_connections = 0
log_disconnections = 0
`;
}

/** The list of users: names and passwords between quotes, a quote doubled. */
export function renderUserList(users: Readonly<Record<string, string>>): string {
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  return Object.entries(users)
    .map(([name, password]) => `${quote(name)} ${quote(password)}\n`)
    .join("");
}
