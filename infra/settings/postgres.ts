import { z } from "zod";
import { limits } from "./limits.ts";
import { size } from "./units.ts";

const mostConnections = 262_143;
const count = (allowed: string) => z.int(allowed).min(1, allowed);
const hour = "a whole number from 0 to 23";

/** Days of the week, as Linode numbers them from 1. */
export const weekDays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

const platform = z.enum(["container", "managed"], '"container" or "managed"');

const managed = z
  .strictObject({
    type: z
      .string()
      .regex(/^g\d-/, 'a plan of Linode\'s managed databases such as "g6-dedicated-4"')
      .describe("Plan of each node. It can be raised, never lowered: minutes of downtime, none with several nodes."),
    clusterSize: z
      .literal([1, 2, 3], "1, 2 or 3 nodes")
      .default(3)
      .describe("Nodes of the cluster: with 2 or 3, another one takes over within seconds. 2 need a dedicated plan."),
    maintenance: z
      .strictObject({
        day: z
          .enum(weekDays, `one of ${weekDays.join(", ")}`)
          .default("sunday")
          .describe("Day of the week."),
        hour: z.int(hour).min(0, hour).max(23, hour).default(3).describe("Hour of the day at which it begins, UTC."),
      })
      .prefault({})
      .describe("When Linode may bring updates, within four hours. A change is in place."),
  })
  // https://techdocs.akamai.com/linode-api/reference/post-databases-postgre-sql-instances, cluster_size
  .refine(({ type, clusterSize }) => clusterSize !== 2 || type.includes("-dedicated-"), {
    message: "1 or 3 nodes: a cluster of 2 is to be had with a dedicated plan only",
    path: ["clusterSize"],
  });

/** The database: PostgreSQL with PgBouncer before it. */
export const postgres = z
  .strictObject({
    platform: platform
      .default("container")
      .describe(
        "Where it runs: a container on the server with the role `database`, or Linode's managed cluster. A change moves no data by itself: see `moveFrom`.",
      ),
    moveFrom: platform
      .optional()
      .describe(
        "Platform that the data is moved from, once: what stands there is kept, and takes no writes from then on. Leave it out again when all is well. See docs/move-database.md.",
      ),
    maxConnections: count("a whole number of at least 20")
      .min(20, "a whole number of at least 20")
      .max(mostConnections, `at most ${String(mostConnections)}, as PostgreSQL has it`)
      .default(100)
      .describe(
        "Connections that the server takes. A change replaces the container: seconds of downtime. A managed cluster takes what its plan says, and is refused when that is less.",
      ),
    sharedBuffers: size
      .default("256 MiB")
      .describe("Memory for the page cache of the server in a container. A change replaces the container."),
    pool: z
      .strictObject({
        size: count("a whole number of at least 1").default(20).describe("Server connections of each pool."),
        maxClients: count("a whole number of at least 1").default(500).describe("Client connections of each pool."),
      })
      .prefault({})
      .describe("PgBouncer on every app server, in transaction mode. A change replaces its containers."),
    limits: limits("1 GiB", 2),
    managed: managed.optional().describe("Linode's managed cluster."),
  })
  .prefault({});

/** The database as the settings describe it. */
export type PostgresSettings = z.infer<typeof postgres>;
/** A managed cluster as the settings describe it. */
export type ManagedPostgresSettings = z.infer<typeof managed>;
