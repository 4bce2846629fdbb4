import type { Role } from "../settings/servers.ts";
import type { Place } from "./database.ts";
import { Network } from "./network.ts";
import type { Server } from "./server.ts";

/** Every server with its networks. */
export class Places {
  readonly all: readonly Place[];

  constructor(servers: readonly Server[]) {
    this.all = servers.map((server) => ({ server, network: new Network({ server }) }));
  }

  /** The first one with a role; undefined when no server has it. */
  first(role: Role): Place | undefined {
    return this.all.find(({ server }) => server.roles.includes(role));
  }

  /** Those with a role, in the order of the settings, which see to it that there is at least one. */
  withRole(role: Role): [Place, ...Place[]] {
    const [first, ...rest] = this.all.filter(({ server }) => server.roles.includes(role));
    if (first === undefined) throw new Error(`No server has the role '${role}'; landfall:servers must give it to one.`);
    return [first, ...rest];
  }
}
