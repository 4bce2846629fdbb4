import type { ServerArgs } from "../components/server.ts";

/** Arguments of a server that is the engine at hand, for components to be put on. */
export const engineAtHand: ServerArgs = {
  generation: "one-13c402",
  roles: ["edge", "app", "database", "cache"],
  engine: "unix:///var/run/docker.sock",
  prefix: "landfall-test",
  images: { kind: "built-there" },
  publicAddress: undefined,
  privateAddress: undefined,
  draining: false,
  machine: undefined,
  data: { kind: "engine" },
};
