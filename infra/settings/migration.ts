import { z } from "zod";
import { limits } from "./limits.ts";
import { duration } from "./units.ts";

/** Legacy systems that a plan exists for. */
export const legacySystems = ["learnmore"] as const;
/** A legacy system that a plan exists for. */
export type LegacySystem = (typeof legacySystems)[number];

const source = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({
      kind: z.literal("sample").describe("The sample that comes with the project, in a server of its own."),
    }),
    z.strictObject({
      kind: z.literal("server").describe("The legacy system's own database server."),
      host: z.string("a host name or address").min(1, "a host name or address").describe("Its name or address."),
      port: z.int("a port from 1 to 65535").min(1).max(65_535).default(5432).describe("Its port."),
      database: z.string("a name").min(1, "a name").describe("Name of the database."),
      user: z
        .string("a name")
        .min(1, "a name")
        .describe("Role that reads it; its password is `landfall:secrets` at `<system>.password`."),
    }),
  ],
  { error: '"sample" or "server"' },
);

/** The move of the legacy systems' data. */
export const migration = z
  .strictObject({
    sources: z
      .strictObject({ learnmore: source.optional().describe("LearnMore's PostgreSQL.") })
      .prefault({})
      .describe("The legacy systems that land, each with where its data is."),
    workers: z
      .int("a whole number from 1 to 16")
      .min(1, "a whole number from 1 to 16")
      .max(16, "a whole number from 1 to 16")
      .default(2)
      .describe("Tables and chunks that are copied at a time."),
    chunkRows: z
      .int("a whole number of at least 100")
      .min(100, "a whole number of at least 100")
      .default(50_000)
      .describe("Rows of one chunk, which is one transaction."),
    deadline: duration
      .default("6 hours")
      .describe("Longest run; at its end it is stopped and goes on at the next update."),
    limits: limits("512 MiB", 2),
  })
  .prefault({});

/** The move as the settings describe it. */
export type MigrationSettings = z.infer<typeof migration>;
/** Where a legacy system's data is. */
export type SourceSettings = z.infer<typeof source>;
