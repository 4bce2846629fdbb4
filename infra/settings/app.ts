import { z } from "zod";
import { limits } from "./limits.ts";
import { duration, seconds } from "./units.ts";

/** How a gate watches before it opens. */
export const gate = z
  .strictObject({
    passes: z
      .int("a whole number from 1 to 20")
      .min(1, "a whole number from 1 to 20")
      .max(20, "a whole number from 1 to 20")
      .default(3)
      .describe("Healthy answers in a row that open the gate."),
    interval: duration
      .refine((value) => seconds(value) >= 1, "at least 1 second")
      .default("1 second")
      .describe("Time between two looks."),
    deadline: duration.default("90 seconds").describe("When the gate gives up, which is a failure."),
  })
  .refine(({ passes, interval, deadline }) => seconds(deadline) > (passes - 1) * seconds(interval), {
    message: "longer than as many intervals as passes need: the gate could never open",
    path: ["deadline"],
  })
  .prefault({});

/** How a gate watches before it opens. */
export type GateSettings = z.infer<typeof gate>;

/** The service. A change of any of these is a new release: it starts beside the old one and takes over behind its gate. */
export const app = z
  .strictObject({
    poolSize: z
      .int("a whole number from 1 to 100")
      .min(1, "a whole number from 1 to 100")
      .max(100, "a whole number from 1 to 100")
      .default(10)
      .describe("Database connections of one instance."),
    logLevel: z
      .enum(["debug", "info", "warn", "error"], '"debug", "info", "warn" or "error"')
      .default("info")
      .describe("The least level that is logged."),
    operator: z
      .string()
      .regex(/^[a-z][a-z0-9._-]{2,62}$/, "3 to 63 lower-case letters, digits, dots, hyphens and underscores")
      .default("operator")
      .describe("User name of the first operator; the stack makes the password."),
    gate: gate.describe("The gate before a new release gets requests."),
    limits: limits("512 MiB", 1),
  })
  .prefault({});

/** The service as the settings describe it. */
export type AppSettings = z.infer<typeof app>;
