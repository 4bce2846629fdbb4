import { z } from "zod";
import { duration, seconds } from "./units.ts";

const whole = (least: number, most: number): z.ZodInt => {
  const text = `a whole number from ${String(least)} to ${String(most)}`;
  return z.int(text).min(least, text).max(most, text);
};

/**
 * Linode's NodeBalancer, which stands in front of the edges as soon as there are two. Bounds are Linode's:
 * https://techdocs.akamai.com/linode-api/reference/post-node-balancer-config
 */
export const balancer = z
  .strictObject({
    algorithm: z
      .enum(["roundrobin", "leastconn", "source"], '"roundrobin", "leastconn" or "source"')
      .default("leastconn")
      .describe("How an edge is chosen for a connection. A change is in place."),
    connectionsPerSecond: whole(0, 20)
      .default(0)
      .describe(
        "New connections a second that an address may make; 0 for any number, as it must be where a CDN asks for everybody. A change is in place.",
      ),
    check: z
      .strictObject({
        interval: duration.default("5 seconds").describe("How often an edge is asked. A change is in place."),
        timeout: duration.default("3 seconds").describe("How long it may take to answer. A change is in place."),
        attempts: whole(1, 30).default(2).describe("Failures in a row that take it out. A change is in place."),
      })
      .refine(({ interval }) => seconds(interval) >= 2 && seconds(interval) <= 3600, {
        message: "from 2 seconds to 1 hour",
        path: ["interval"],
      })
      .refine(
        ({ interval, timeout }) => seconds(timeout) >= 1 && seconds(timeout) <= Math.min(30, seconds(interval) - 1),
        {
          message: "from 1 second to 30, and less than interval",
          path: ["timeout"],
        },
      )
      .prefault({})
      .describe("How an edge that does not answer is found."),
  })
  .prefault({});

/** The NodeBalancer as the settings describe it. */
export type BalancerSettings = z.infer<typeof balancer>;
