import * as pulumi from "@pulumi/pulumi";
import type { ServerSettings } from "../settings/servers.ts";
import { Server } from "./server.ts";

/**
 * The servers of an environment.
 *
 * @param prefix what the names of all that runs on them begin with
 * @throws when the settings describe servers that this version cannot make, before anything is changed
 */
export function createServers(settings: readonly ServerSettings[], prefix: string): Server[] {
  const [first, ...others] = settings;
  const linode = settings.find((server) => server.platform === "linode");
  if (linode !== undefined) {
    throw new pulumi.RunError(
      `The stack '${pulumi.getStack()}' asks for the server '${linode.name}' on Linode. Its settings are valid, but this version of ` +
        "Landfall runs environments on the Docker engine at hand only (platform: engine-at-hand). Nothing was changed.",
    );
  }
  if (first?.platform !== "engine-at-hand" || others.length > 0) {
    throw new pulumi.RunError(
      `The stack '${pulumi.getStack()}' asks for ${String(settings.length)} servers. This version of Landfall runs an environment ` +
        "on one, which has every role. Nothing was changed.",
    );
  }
  return [new Server({ name: first.name, roles: first.roles, engine: first.engine, prefix })];
}
