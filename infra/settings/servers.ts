import { z } from "zod";
import { isFirstAddress } from "../servers/private-address.ts";
import { size } from "./units.ts";

/** What a server may be for. */
export const roles = ["edge", "app", "database", "cache", "search"] as const;
/** What a server is for. */
export type Role = (typeof roles)[number];

/** Roles that some server must have; `search` goes with the engine that landfall:search names. */
const neededRoles: readonly Role[] = ["edge", "app", "database", "cache"];
/** Roles that keep data, which must outlive the server. */
const rolesWithData: readonly Role[] = ["database", "cache", "search"];
/** Roles that one server has: what they keep is in one place. */
const singleRoles: readonly Role[] = ["database", "cache"];

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,18}[a-z0-9]$/, "3 to 20 lower-case letters, digits and hyphens, starting with a letter");

const role = z.enum(roles, `one of ${roles.join(", ")}`);
const generation = "a whole number from 1 to 999";
const address = 'an address of the private network that ends in .2 to .125, such as "10.77.0.21"';

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
    address: z
      .ipv4(address)
      .refine((value) => isFirstAddress(value), address)
      .optional()
      .describe(
        "Its address on the private network, needed where there are several servers. Generations with an even number have the one 128 above. A change restarts it: minutes of downtime.",
      ),
    diskEncryption: z
      .boolean("true or false")
      .default(true)
      .describe("Whether its disk is encrypted. Changes only with the generation."),
    volume: size
      .optional()
      .describe(
        "Size of the volume that keeps its data, in whole GiB, 10 at least: databases, uploads, backups. It outlives the server. It can only grow.",
      ),
    draining: z
      .boolean("true or false")
      .default(false)
      .describe(
        "Whether it takes no new requests: connections that it has go on. Set it before the server is taken out of this list. A change is in place.",
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
    for (const wanted of neededRoles) {
      if (!list.some((one) => one.roles.includes(wanted))) {
        context.addIssue({ code: "custom", message: `a server with the role '${wanted}'`, input: list });
      }
    }
    for (const single of singleRoles) {
      const holders = list.flatMap(({ roles: own }, index) => (own.includes(single) ? [index] : []));
      for (const index of holders.slice(1)) {
        const message = `roles without '${single}', which ${list[holders[0] ?? 0]?.name ?? ""} has: one server keeps the ${single}`;
        context.addIssue({ code: "custom", message, path: [index, "roles"], input: list[index]?.roles });
      }
    }
    const names = list.map((one) => one.name);
    for (const [index, one] of names.entries()) {
      if (names.indexOf(one) < index) {
        context.addIssue({ code: "custom", message: "a name of its own", path: [index, "name"], input: one });
      }
    }
    if (list.length > 1) requireAddresses(list, context);
  });

/** Servers that call one another need addresses that are known before they are made. */
function requireAddresses(list: readonly z.infer<typeof server>[], context: z.RefinementCtx): void {
  const taken = new Set<string>();
  for (const [index, one] of list.entries()) {
    if (one.platform === "engine-at-hand") {
      const message = '"linode", as only servers of a private network can work together; or one server with every role';
      context.addIssue({ code: "custom", message, path: [index, "platform"], input: one.platform });
      continue;
    }
    if (one.address === undefined || taken.has(one.address)) {
      const message = `${address}, unlike the other servers'`;
      context.addIssue({ code: "custom", message, path: [index, "address"], input: one.address });
    } else taken.add(one.address);
  }
}

/** A server as the settings describe it. */
export type ServerSettings = z.infer<typeof server>;
/** A Linode as the settings describe it. */
export type LinodeSettings = z.infer<typeof linode>;
