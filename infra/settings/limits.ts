import { z } from "zod";
import { size, type Size } from "./units.ts";

/** What a container may use of its server. */
export const limits = (memory: Size, cpus: number) =>
  z
    .strictObject({
      memory: size
        .default(memory)
        .describe("Memory that the container may use; more ends it. A change restarts nothing."),
      cpus: z
        .number("a number of processor cores, for example 0.5")
        .positive("more than 0 processor cores")
        .default(cpus)
        .describe("Processor cores that the container may use. A change replaces the container."),
    })
    .prefault({});

/** What a container may use of its server. */
export type Limits = z.infer<ReturnType<typeof limits>>;
