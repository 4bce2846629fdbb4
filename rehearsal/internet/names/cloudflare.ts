import type { Account } from "../account.ts";
import type { Zone } from "../zone.ts";
import { startNameServer } from "./knot.ts";
import { vendorZones } from "./vendor-zones.ts";
import { renderAddresses, renderZone } from "./zone-file.ts";

/** Cloudflare's name servers, which run. */
export interface ZoneServer {
  /** Lets them answer from a zone as it is now. Resolves when they do. */
  publish(zone: Zone): Promise<void>;
}

/**
 * Starts the name servers for the account's zones and the vendors' names. The process ends when they end.
 *
 * @param zones the zones as they are now
 */
export function startZoneServer(account: Account, zones: readonly Zone[]): ZoneServer {
  // A serial that grows over restarts, too: the revision is part of the zones' file.
  const render = (zone: Zone): string =>
    renderZone(zone, { edge: account.edge, serial: 2_400_000_000 + zone.revision });
  const vendors = Object.entries(vendorZones(account)).map(([zone, addresses]) => [
    zone,
    renderAddresses(zone, addresses),
  ]);
  const own = zones.map((zone) => [zone.name, render(zone)]);
  const server = startNameServer(Object.fromEntries([...own, ...vendors]) as Record<string, string>);
  return { publish: (zone) => server.change({ [zone.name]: render(zone) }) };
}
