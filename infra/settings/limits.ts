import { z } from "zod";
import { bytes, size, type Size } from "./units.ts";

// https://docs.docker.com/engine/containers/resource_constraints/: less than either is refused by the engine, and memory
// of less than a mebibyte would come to no limit at all.
const [leastMemory, leastCpus] = ["6 MiB", 0.01] as const;

/** What a container may use of its server. */
export const limits = (memory: Size, cpus: number) =>
  z
    .strictObject({
      memory: size
        .refine((value) => bytes(value) >= bytes(leastMemory), `at least "${leastMemory}"`)
        .default(memory)
        .describe("Memory that the container may use; more ends it. A change restarts nothing."),
      cpus: z
        .number("a number of processor cores, for example 0.5")
        .min(leastCpus, `at least ${String(leastCpus)} processor cores`)
        .default(cpus)
        .describe("Processor cores that the container may use. A change replaces the container."),
    })
    .prefault({});

/** What a container may use of its server. */
export type Limits = z.infer<ReturnType<typeof limits>>;
