import { z } from "zod";

/** What a server may be for. */
export const roles = ["edge", "app", "database", "cache"] as const;
/** What a server is for. */
export type Role = (typeof roles)[number];

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,30}[a-z0-9]$/, "3 to 32 lower-case letters, digits and hyphens, starting with a letter");

const role = z.enum(roles, `one of ${roles.join(", ")}`);

const server = z.discriminatedUnion(
  "platform",
  [
    z.strictObject({
      name: name.describe("Name of the server."),
      platform: z.literal("engine-at-hand").describe("The Docker engine that this machine reaches."),
      roles: z.array(role).min(1, "at least one role").describe("What runs on the server."),
      engine: z
        .string()
        .regex(/^(unix:\/\/\/|tcp:\/\/|ssh:\/\/)/, "an address that starts with unix:///, tcp:// or ssh://")
        .default("unix:///var/run/docker.sock")
        .describe("Address of the engine. A change is a new server: what ran on the old one stays there."),
    }),
    z.strictObject({
      name: name.describe("Name of the server."),
      platform: z.literal("linode").describe("A Linode that the program makes."),
      roles: z.array(role).min(1, "at least one role").describe("What runs on the server."),
      type: z.string().regex(/^g\d-/, 'a Linode type such as "g6-standard-4"').describe("Plan of the Linode."),
      region: z
        .string()
        .regex(/^[a-z]{2}-[a-z]+/, 'a Linode region such as "eu-central"')
        .describe("Where it stands."),
    }),
  ],
  { error: '"engine-at-hand" or "linode"' },
);

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
  });

/** A server as the settings describe it. */
export type ServerSettings = z.infer<typeof server>;
