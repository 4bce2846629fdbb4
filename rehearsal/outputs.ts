import { z } from "zod";

/** What a rehearsed stack puts out, as far as checks need it. */
export const stackOutputs = z.object({
  url: z.string(),
  release: z.string(),
  operator: z.string(),
  operatorPassword: z.string(),
  /** Address of what stands in front of the edges; empty where nothing does. */
  balancer: z.string().default(""),
  servers: z.array(
    z.object({ name: z.string(), publicAddress: z.string(), privateAddress: z.string(), hostKey: z.string() }),
  ),
});

/** What a rehearsed stack puts out, as far as checks need it. */
export type StackOutputs = z.infer<typeof stackOutputs>;
