import { expect, test } from "vitest";
import { renderPgBouncer, renderUserList } from "./pgbouncer.ts";

test("a user list doubles quotes", () => {
  expect(renderUserList({ app: 'a"b', other: "c" })).toBe('"app" "a""b"\n"other" "c"\n');
});

test("the configuration pools transactions, insists on TLS on both sides, and has the pool's sizes", () => {
  expect(renderPgBouncer({ database: "landfall", pool: { size: 7, maxClients: 70 } }).split("\n")).toEqual(
    expect.arrayContaining([
      "landfall = host=postgres port=5432 dbname=landfall",
      "pool_mode = transaction",
      "default_pool_size = 7",
      "max_client_conn = 70",
      "client_tls_sslmode = require",
      "server_tls_sslmode = verify-full",
      "auth_type = scram-sha-256",
    ]),
  );
});
