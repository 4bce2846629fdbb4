import type { LinodeSettings } from "../settings/servers.ts";
import type { Settings } from "../settings/settings.ts";
import { peerCalls } from "./peers.ts";
import type { Intent } from "./rules.ts";

/** Whether a NodeBalancer stands in front of the edges: as soon as there are two. */
export function isBalanced({ servers }: Pick<Settings, "servers">): boolean {
  return servers.filter(({ roles }) => roles.includes("edge")).length > 1;
}

/**
 * What a server is meant to be reached for.
 *
 * @param edgeNetworks the networks that web requests come from; undefined where they come from anywhere
 */
export function intentOf(
  server: LinodeSettings,
  settings: Settings,
  edgeNetworks: readonly string[] | undefined,
): Intent {
  const isEdge = server.roles.includes("edge");
  const web = edgeNetworks === undefined ? "anywhere" : { edgeNetworks };
  return {
    sshNetworks: settings.access.networks,
    web: isEdge ? web : "nobody",
    balanced: isEdge && isBalanced(settings),
    calls: peerCalls(server, settings),
  };
}
