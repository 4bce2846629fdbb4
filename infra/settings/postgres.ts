import { z } from "zod";
import { limits } from "./limits.ts";
import { size } from "./units.ts";

const count = (allowed: string) => z.int(allowed).min(1, allowed);

/** The database: PostgreSQL with PgBouncer before it. */
export const postgres = z
  .strictObject({
    platform: z.literal("container", '"container"').default("container").describe("Where it runs."),
    maxConnections: count("a whole number of at least 20")
      .min(20, "a whole number of at least 20")
      .default(100)
      .describe("Connections that the server takes. A change replaces the container: seconds of downtime."),
    sharedBuffers: size
      .default("256 MiB")
      .describe("Memory for the server's page cache. A change replaces the container."),
    pool: z
      .strictObject({
        size: count("a whole number of at least 1").default(20).describe("Server connections of the pool."),
        maxClients: count("a whole number of at least 1").default(500).describe("Client connections of the pool."),
      })
      .prefault({})
      .describe("PgBouncer, in transaction mode. A change replaces its container."),
    limits: limits("1 GiB", 2),
  })
  .refine(({ pool, maxConnections }) => pool.size <= maxConnections - 15, {
    message: "at most maxConnections less 15, which are kept for the migration, backups and the operator",
    path: ["pool", "size"],
  })
  .prefault({});

/** The database as the settings describe it. */
export type PostgresSettings = z.infer<typeof postgres>;
