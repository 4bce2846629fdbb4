import { join } from "node:path";
import type { MariaDBConfig } from "../../migration/sources/mariadb/config.ts";

/** The folder of the container that everything of a benchmark lies in. */
export const home = "/var/lib/benchmark";

/** Legacy systems that stand for the three engines. */
export const systems = { postgresql: "learnmore", mariadb: "unpuzzle", sqlite: "dirfinal" } as const;

export type Engine = keyof typeof systems;

const loopback = "127.0.0.1";

/** The legacy PostgreSQL server; whoever reaches the container's loopback may enter. */
export const source = { host: loopback, port: 5433, user: "postgres", database: "legacy" } as const;

/** The server that everything goes into, with a fresh database for each run. */
export const target = { host: loopback, port: 5434, user: "postgres", database: "target" } as const;

/** The legacy MariaDB server. Its password guards nothing: the container has no network. */
export const mariadb: MariaDBConfig = {
  host: loopback,
  port: 3307,
  user: "benchmark",
  password: "benchmark",
  database: "legacy",
};

/** The legacy SQLite database. */
export const sqlitePath = join(home, "legacy.db");

/** The samples as the image has them. */
export const samples = "/srv/samples";
