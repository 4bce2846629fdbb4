import { z } from "zod";
import { databaseSource, databaseSourceWithFiles, fileSource } from "./legacy-source.ts";
import { limits } from "./limits.ts";
import { duration, seconds } from "./units.ts";

/** Legacy systems that a plan exists for, in the order in which they land. */
export const legacySystems = ["learnmore", "dirfinal", "unpuzzle", "openlearn", "listcutter"] as const;
/** A legacy system that a plan exists for. */
export type LegacySystem = (typeof legacySystems)[number];

/** The engine that keeps each legacy system's data. */
export const legacyEngines = {
  learnmore: "postgresql",
  dirfinal: "sqlite",
  unpuzzle: "mariadb",
  openlearn: "postgresql",
  listcutter: "postgresql",
} as const satisfies Record<LegacySystem, "postgresql" | "mariadb" | "sqlite">;

/** A legacy system that a database server keeps the data of. */
export type ServedSystem = {
  [System in LegacySystem]: (typeof legacyEngines)[System] extends "sqlite" ? never : System;
}[LegacySystem];

/** Whether a database server keeps a system's data, and not a file. */
export const isServed = (system: LegacySystem): system is ServedSystem => legacyEngines[system] !== "sqlite";

const ports = { postgresql: 5432, mariadb: 3306 } as const;

/** The move of the legacy systems' data. */
export const migration = z
  .strictObject({
    sources: z
      .strictObject({
        learnmore: databaseSource(ports.postgresql).optional().describe("LearnMore's PostgreSQL."),
        dirfinal: fileSource.optional().describe("dirfinal's SQLite file, and its files."),
        unpuzzle: databaseSourceWithFiles(ports.mariadb, false)
          .optional()
          .describe("Unpuzzle's MariaDB, and its files."),
        openlearn: databaseSource(ports.postgresql).optional().describe("OpenLearn's PostgreSQL."),
        listcutter: databaseSourceWithFiles(ports.postgresql, true)
          .optional()
          .describe("List Cutter's PostgreSQL, and its files."),
      })
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
      .refine((value) => seconds(value) >= 60, "at least 1 minute")
      .default("6 hours")
      .describe("Longest run; at its end it is stopped and goes on at the next update."),
    limits: limits("512 MiB", 2),
  })
  .prefault({});

/** The move as the settings describe it. */
export type MigrationSettings = z.infer<typeof migration>;
/** Where a legacy system's data is. */
export type SourceSettings = NonNullable<MigrationSettings["sources"][LegacySystem]>;
