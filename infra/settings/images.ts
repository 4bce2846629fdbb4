import { z } from "zod";

/** How images come about and reach the servers. */
export const images = z
  .strictObject({
    engine: z
      .string()
      .regex(/^(unix:\/\/\/|tcp:\/\/)/, "an address that starts with unix:/// or tcp://")
      .default("unix:///var/run/docker.sock")
      .describe("Address of the Docker engine that builds images for servers which are not it."),
    registry: z
      .strictObject({
        address: z
          .string('a host such as "registry.example.com"')
          .regex(/^[a-z0-9.-]+(:\d+)?$/, 'a host such as "registry.example.com" or "registry.example.com:5000"')
          .describe("The registry's host."),
        repository: z
          .string("a path")
          .regex(/^[a-z0-9]+([._/-][a-z0-9]+)*$/, 'a path such as "landfall"')
          .default("landfall")
          .describe("Path below which images are kept."),
        username: z
          .string("a user name")
          .min(1, "a user name")
          .describe("User who pushes and pulls; the password is `landfall:secrets` at `registry.password`."),
      })
      .optional()
      .describe("A registry that images go through. Without one they are streamed to each server over ssh."),
  })
  .prefault({});

/** Images as the settings describe them. */
export type ImagesSettings = z.infer<typeof images>;
