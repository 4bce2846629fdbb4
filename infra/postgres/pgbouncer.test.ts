import { expect, test } from "vitest";
import { renderPgBouncer, renderUserList } from "./pgbouncer.ts";

test("a user list doubles quotes", () => {
  expect(renderUserList({ app: 'a"b', other: "c" })).toBe('"app" "a""b"\n"other" "c"\n');
});

test("the configuration pools transactions, insists on TLS on both sides, and has the pool's sizes", () => {
  const pool = { size: 7, maxClients: 70 };
  const configuration = renderPgBouncer({ host: "10.77.0.31", port: 5432, database: "landfall", pool });
  expect(configuration.split("\n")).toEqual(
    expect.arrayContaining([
      "landfall = host=10.77.0.31 port=5432 dbname=landfall",
      "pool_mode = transaction",
      "default_pool_size = 7",
      "max_client_conn = 70",
      "client_tls_sslmode = require",
      "server_tls_sslmode = verify-full",
      "auth_type = scram-sha-256",
    ]),
  );
});
