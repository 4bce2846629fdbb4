import { z } from "zod";
import { size } from "./units.ts";

/** What a server may be for. */
export const roles = ["edge", "app", "database", "cache"] as const;
/** What a server is for. */
export type Role = (typeof roles)[number];

/** Roles that keep data, which must outlive the server. */
const rolesWithData: readonly Role[] = ["database", "cache"];

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,18}[a-z0-9]$/, "3 to 20 lower-case letters, digits and hyphens, starting with a letter");

const role = z.enum(roles, `one of ${roles.join(", ")}`);
const generation = "a whole number from 1 to 999";

const engineAtHand = z.strictObject({
  name: name.describe("Name of the server."),
  platform: z.literal("engine-at-hand").describe("The Docker engine that this machine reaches."),
  roles: z.array(role).min(1, "at least one role").describe("What runs on the server."),
  engine: z
    .string()
    .regex(/^(unix:\/\/\/|tcp:\/\/)/, "an address that starts with unix:/// or tcp://")
    .default("unix:///var/run/docker.sock")
    .describe("Address of the engine. A change is a new server: what ran on the old one stays there."),
});

const linode = z
  .strictObject({
    name: name.describe("Name of the server."),
    platform: z.literal("linode").describe("A Linode that the program makes."),
    roles: z.array(role).min(1, "at least one role").describe("What runs on the server."),
    generation: z
      .int(generation)
      .min(1, generation)
      .max(999, generation)
      .default(1)
      .describe(
        "Raise it to get the server anew: the next one is built and checked, takes the data volume over, and only then the old one goes. Minutes of downtime.",
      ),
    previousLost: z
      .boolean("true or false")
      .default(false)
      .describe(
        "Whether the generation before is known to be off or gone: the data volume is then taken from it without its consent, as a power cut would leave it.",
      ),
    type: z
      .string()
      .regex(/^g\d-/, 'a Linode type such as "g6-standard-4"')
      .describe("Plan of the Linode. A change restarts it: minutes of downtime."),
    region: z
      .string()
      .regex(/^[a-z]{2}-[a-z]+/, 'a Linode region such as "eu-central"')
      .describe("Where it stands. Changes only with the generation."),
    image: z
      .string()
      .regex(/^linode\/debian1[3-9]$/, 'an image of Debian 13 or later, such as "linode/debian13"')
      .default("linode/debian13")
      .describe("What it starts from. Changes only with the generation."),
    diskEncryption: z
      .boolean("true or false")
      .default(true)
      .describe("Whether its disk is encrypted. Changes only with the generation."),
    volume: size
      .optional()
      .describe(
        "Size of the volume that keeps its data, in whole GiB, 10 at least: databases, uploads, backups. It outlives the server. It can only grow.",
      ),
    swap: size.default("1 GiB").describe("Size of its swap disk. Changes only with the generation."),
    tags: z
      .array(z.string().regex(/^[\w:. -]{3,50}$/, "3 to 50 letters, digits and marks"))
      .default([])
      .describe("Tags in Linode's account, besides those of the stack. A change is in place."),
  })
  .superRefine((server, context) => {
    if (server.volume === undefined && server.roles.some((one) => rolesWithData.includes(one))) {
      const message = `a size such as "40 GiB", as the server has a role that keeps data (${rolesWithData.join(", ")})`;
      context.addIssue({ code: "custom", path: ["volume"], message, input: server.volume });
    }
    if (server.volume !== undefined && !/^([1-9]\d|\d{3,5}) GiB$/.test(server.volume)) {
      const message = 'a size from "10 GiB" to "10240 GiB"';
      context.addIssue({ code: "custom", path: ["volume"], message, input: server.volume });
    }
  });

const server = z.discriminatedUnion("platform", [engineAtHand, linode], { error: '"engine-at-hand" or "linode"' });

/** The servers of an environment, each with what it is for. */
export const servers = z
  .array(server)
  .min(1, "at least one server")
  .superRefine((list, context) => {
    for (const wanted of roles) {
      if (!list.some((one) => one.roles.includes(wanted))) {
        context.addIssue({ code: "custom", message: `a server with the role '${wanted}'`, input: list });
      }
    }
    const names = list.map((one) => one.name);
    for (const [index, one] of names.entries()) {
      if (names.indexOf(one) < index) {
        context.addIssue({ code: "custom", message: "a name of its own", path: [index, "name"], input: one });
      }
    }
    const [first] = list;
    for (const [index, { platform }] of list.entries()) {
      if (platform !== first?.platform) {
        const message = `"${String(first?.platform)}", as the first server has: an environment stands in one place`;
        context.addIssue({ code: "custom", message, path: [index, "platform"], input: platform });
      }
    }
  });

/** A server as the settings describe it. */
export type ServerSettings = z.infer<typeof server>;
/** A Linode as the settings describe it. */
export type LinodeSettings = z.infer<typeof linode>;
