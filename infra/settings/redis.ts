import { z } from "zod";
import { limits } from "./limits.ts";
import { bytes, size } from "./units.ts";

/** Redis: sessions and rate limits. It writes what it holds to a volume. */
export const redis = z
  .strictObject({
    maxMemory: size
      .default("128 MiB")
      .describe("Memory for data; writes are refused above it, nothing is evicted. A change replaces the container."),
    limits: limits("256 MiB", 1),
  })
  .refine((given) => bytes(given.maxMemory) * 1.5 <= bytes(given.limits.memory), {
    message: "at most two thirds of limits.memory: rewriting the log needs the rest",
    path: ["maxMemory"],
  })
  .prefault({});

/** Redis as the settings describe it. */
export type RedisSettings = z.infer<typeof redis>;
