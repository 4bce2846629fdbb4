import { existsSync, mkdirSync, readFileSync, watch, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { Account } from "../account.ts";
import type { OwnRecords } from "../linode-api/records.ts";
import { linodeApiName, serveLinodeApi } from "../linode-api/serve.ts";
import { linodeNamesFile, linodeRecordsFile } from "../places.ts";
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

/** Changes that programs may make between two publications before a serial would be used twice. */
const roomForOwn = 10_000;

/** The serial of every zone as of a publication; it grows over restarts, too. */
export function serialOf({ revision }: LinodeNames): number {
  return 2_021_000_000 + revision * roomForOwn;
}

/** What the zones are made of. */
export interface ZoneSources {
  readonly names: LinodeNames;
  /** What programs have put into domains by the API. */
  readonly own: OwnRecords;
  /** Address of the name servers themselves, and of the API. */
  readonly address: string;
}

/** Every zone in the form of master files. */
export function renderLinodeZones({ names, own, address }: ZoneSources): ZoneFiles {
  const serial = serialOf(names) + (own.revision % roomForOwn);
  const fixed = [...linodeNameServers, linodeApiName].map((name) => [name, address]);
  const hosts = { ...(Object.fromEntries(fixed) as Record<string, string>), ...names.hosts };
  const zones = linodeZones.map((zone) => {
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
    .map((domain) => {
      const records = [...domain.records, ...own.records.filter((record) => record.domain === domain.name)];
      return [domain.name, renderDomain({ ...domain, records }, serial)];
    });
  return Object.fromEntries([...zones, ...domains]) as ZoneFiles;
}

/** Serves Linode's name servers, and its API for domains. What is published is taken up at once: its folder is watched. */
export async function serveLinode(account: Account): Promise<void> {
  mkdirSync(dirname(linodeNamesFile), { recursive: true });
  let names = read(linodeNamesFile, emptyNames);
  let own = read<OwnRecords>(linodeRecordsFile, { revision: 0, records: [] });
  const render = (): ZoneFiles => renderLinodeZones({ names, own, address: account.linodeNames });
  const server = startNameServer(render());
  const takeUp = (): void => {
    names = read(linodeNamesFile, emptyNames);
    server.replace(render()).catch((error: unknown) => {
      console.error(error);
      process.exit(1);
    });
  };
  watch(dirname(linodeNamesFile), (_, file) => {
    if (file === basename(linodeNamesFile)) takeUp();
  });
  // What was published between the first reading and the watch.
  takeUp();
  await serveLinodeApi({
    token: account.tokens.linodeDns,
    domains: () => names.domains,
    own: () => own,
    change: (changed) => {
      own = changed;
      writeFileSync(linodeRecordsFile, JSON.stringify(own), { mode: 0o600 });
      return server.replace(render());
    },
  });
}

function read<T>(path: string, empty: T): T {
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as T) : empty;
}
