import { existsSync, mkdirSync, readFileSync, watch } from "node:fs";
import { dirname } from "node:path";
import type { Account } from "../account.ts";
import { linodeNamesFile } from "../places.ts";
import { isWithin } from "../zone.ts";
import { startNameServer, type ZoneFiles } from "./knot.ts";
import { linodeNameServers, renderDomain, type LinodeDomain } from "./linode-zone.ts";
import { addressLines } from "./zone-file.ts";

/** What Linode's name servers answer from. */
export interface LinodeNames {
  /** Counts its changes. */
  readonly revision: number;
  /** Domains of the account's DNS Manager. */
  readonly domains: readonly LinodeDomain[];
  /** IPv4 addresses by full names of Linode's own; a wildcard may be the first label. */
  readonly hosts: Readonly<Record<string, string>>;
}

/** What they answer from before anything was published. */
export const emptyNames: LinodeNames = { revision: 0, domains: [], hosts: {} };

/** Zones of Linode's own of which a rehearsal needs names: NodeBalancers, buckets, managed databases, servers. */
export const linodeZones = ["linode.com", "linodeobjects.com", "akamaidb.net", "linodeusercontent.com"] as const;

/** The zone of Linode's own that a name lies in; undefined when it is none of them. */
export function linodeZone(name: string): string | undefined {
  return linodeZones.find((zone) => isWithin(name, zone));
}

/** The zones that are answered. */
export function servedZones(names: LinodeNames): string[] {
  return [...linodeZones, ...names.domains.filter(({ disabled }) => disabled !== true).map(({ name }) => name)];
}

/** The serial of every zone as of a revision; it grows over restarts, too. */
export function serialOf({ revision }: LinodeNames): number {
  return 2_021_000_000 + revision;
}

/**
 * Every zone in the form of master files.
 *
 * @param address of the name servers themselves
 */
export function renderLinodeZones(names: LinodeNames, address: string): ZoneFiles {
  const serial = serialOf(names);
  const hosts = { ...Object.fromEntries(linodeNameServers.map((name) => [name, address])), ...names.hosts };
  const own = linodeZones.map((zone) => {
    const within = Object.entries(hosts).filter(([name]) => linodeZone(name) === zone);
    const times = { soaEmail: "hostmaster@linode.com", ttlSec: 60, refreshSec: 0, retrySec: 0, expireSec: 0 };
    const heading = renderDomain({ name: zone, ...times, records: [] }, serial);
    return [
      zone,
      `${heading}${addressLines(Object.fromEntries(within))
        .map((line) => `${line}\n`)
        .join("")}`,
    ];
  });
  const domains = names.domains
    .filter(({ disabled }) => disabled !== true)
    .map((domain) => [domain.name, renderDomain(domain, serial)]);
  return Object.fromEntries([...own, ...domains]) as ZoneFiles;
}

/** Serves Linode's name servers. What is published is taken up at once: the file's folder is watched. */
export function serveLinodeNames(account: Account): void {
  mkdirSync(dirname(linodeNamesFile), { recursive: true });
  const render = (): ZoneFiles => renderLinodeZones(read(), account.linodeNames);
  const server = startNameServer(render());
  const takeUp = (): void => {
    server.replace(render()).catch((error: unknown) => {
      console.error(error);
      process.exit(1);
    });
  };
  watch(dirname(linodeNamesFile), (_, file) => {
    if (file === "names.json") takeUp();
  });
  // What was published between the first reading and the watch.
  takeUp();
}

function read(): LinodeNames {
  return existsSync(linodeNamesFile) ? (JSON.parse(readFileSync(linodeNamesFile, "utf8")) as LinodeNames) : emptyNames;
}
