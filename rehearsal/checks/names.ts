import { lookUp, lookUpMany, transferZone, type DnsRecord } from "./dns.ts";
import { shared, without, type Check } from "./result.ts";
import { isEdge, type Scene } from "./scene.ts";

/** DNS: where the hosts' names lead, how long that may be kept, who may issue certificates, what is not told. */
export function nameChecks(scene: Scene): Check[] {
  const { expected, stranger } = scene;
  const where = stranger.name;
  const wantedAddresses = frontAddresses(scene);
  const hostChecks = expected.hosts.flatMap((host): Check[] => {
    const own = shared(() => askAll(scene, host, "A"));
    return [
      {
        id: "dns-address",
        title: `${host} leads to ${expected.proxied ? "the edge" : "the server"}, as the zone's name servers say`,
        where,
        wanted: wantedAddresses.join(", "),
        make: async () => sameAddresses(await own(), wantedAddresses),
      },
      {
        id: "dns-resolver",
        title: `${host} leads there for everybody who asks a resolver`,
        where,
        wanted: wantedAddresses.join(", "),
        make: async () => {
          const resolver = scene.target(expected.dns.resolver);
          const { records } = await lookUp(stranger, resolver, { name: host, type: "A" });
          return sameAddresses(records, wantedAddresses);
        },
      },
      {
        id: "dns-ttl",
        title: `${host} may be kept for ${String(expected.dns.ttlSeconds)} s`,
        where,
        wanted: `${String(expected.dns.ttlSeconds)} s`,
        make: async () => {
          const found = [...new Set((await own()).map(({ ttl }) => ttl))];
          return {
            passed: found.length === 1 && found[0] === expected.dns.ttlSeconds,
            found: found.length === 0 ? "no record" : found.map((ttl) => `${String(ttl)} s`).join(", "),
          };
        },
      },
      {
        id: "dns-ipv6",
        title: `${host} has no IPv6 address, because nothing serves there`,
        where,
        wanted: "none",
        make: async () => {
          const records = (await askAll(scene, host, "AAAA")).filter(({ type }) => type === "AAAA");
          return without(
            records.map(({ value }) => value),
            "none",
          );
        },
      },
      {
        id: "dns-caa",
        title: `Only the wanted authorities may issue certificates for ${host}`,
        where,
        wanted: listed(expected.dns.caa),
        make: async () => {
          const found = await authorizations(scene, host);
          return { passed: listed(found) === listed(expected.dns.caa), found: listed(found) };
        },
      },
    ];
  });
  return expected.proxied ? [...hostChecks, hiddenOrigin(scene)] : hostChecks;
}

function frontAddresses({ expected }: Scene): string[] {
  const { servers, balancer } = expected;
  const own = balancer === undefined ? servers.filter(isEdge) : [balancer];
  return (expected.proxied ? [...expected.edge.addresses] : own.map(({ publicAddress }) => publicAddress)).sort();
}

/** The records of a name, the same at each of the zone's name servers. */
async function askAll(scene: Scene, name: string, type: string): Promise<readonly DnsRecord[]> {
  const { expected, stranger, target } = scene;
  const answers = await Promise.all(
    expected.dns.nameServers.map((server) => lookUp(stranger, target(server), { name, type })),
  );
  for (const { authoritative, status } of answers) {
    if (!authoritative) throw new Error("a name server does not speak for the zone");
    if (!["NOERROR", "NXDOMAIN"].includes(status)) throw new Error(`a name server answers ${status}`);
  }
  const records = answers.map((answer) => answer.records);
  const texts = new Set(records.map((list) => JSON.stringify(list.map((record) => JSON.stringify(record)).sort())));
  if (texts.size > 1) throw new Error(`the zone's name servers disagree about ${name} ${type}`);
  return records[0] ?? [];
}

function sameAddresses(records: readonly DnsRecord[], wanted: readonly string[]): { passed: boolean; found: string } {
  const found = records.filter(({ type }) => type === "A" || type === "CNAME").map(({ value }) => value);
  const addresses = records.filter(({ type }) => type === "A").map(({ value }) => value);
  return { passed: listed(addresses) === listed(wanted), found: listed(found) };
}

function listed(values: readonly string[]): string {
  return values.length === 0 ? "none" : values.toSorted().join(", ");
}

/** The CAA records that hold for a host, found as an authority does: its own, or the nearest above it (RFC 8659). */
async function authorizations(scene: Scene, host: string): Promise<string[]> {
  const labels = host.split(".");
  const depth = labels.length - scene.expected.dns.zone.split(".").length;
  for (let skipped = 0; skipped <= depth; skipped++) {
    const records = await askAll(scene, labels.slice(skipped).join("."), "CAA");
    const found = records.filter(({ type }) => type === "CAA").map(({ value }) => value);
    if (found.length > 0) return found;
  }
  return [];
}

const tellingTypes = ["A", "AAAA", "CNAME", "MX", "TXT", "SRV", "NS", "ANY"];
const tellingLabels = ["origin", "direct", "server", "ssh", "mail", "www", "ftp", "edge", "proxy", "*"];

/** Whoever knows a hidden server's address can go round the edge. Names that people guess first are asked for. */
function hiddenOrigin(scene: Scene): Check {
  const { expected, stranger, target } = scene;
  const { zone, nameServers } = expected.dns;
  const { servers, balancer } = expected;
  const hosts = [...servers, ...(balancer === undefined ? [] : [balancer])];
  const addresses = hosts.map(({ publicAddress }) => publicAddress);
  const own = expected.servers.flatMap(({ name }) => [name, `${expected.stack}-${name}`]);
  const guesses = [...new Set([...tellingLabels, ...own])];
  const parents = [...new Set([zone, ...expected.hosts])];
  const names = [...parents, ...parents.flatMap((parent) => guesses.map((label) => `${label}.${parent}`))];
  return {
    id: "dns-origin-hidden",
    title: "DNS gives no server's address away, and the zone is not handed out",
    where: stranger.name,
    wanted: "no record with a server's address, no transfer",
    make: async () => {
      const [server] = nameServers;
      if (server === undefined) throw new Error("the zone has no name server");
      const records = await askMany(scene, names, parents);
      const transferred = await transferZone(stranger, target(server), zone);
      const faults = [...records, ...transferred]
        .filter(({ value }) => addresses.some((address) => value.includes(address)))
        .map(({ name, type, value }) => `${name} ${type} ${value}`);
      if (transferred.length > 0) faults.push(`the zone is handed out: ${String(transferred.length)} records`);
      return without([...new Set(faults)], `${String(names.length)} names asked, none tells`);
    },
  };
}

/** Asks for each name: thoroughly for some of them, for addresses and aliases otherwise. */
function askMany(scene: Scene, names: readonly string[], thorough: readonly string[]): Promise<readonly DnsRecord[]> {
  const { expected, stranger, target } = scene;
  const questions = names.flatMap((name) =>
    (thorough.includes(name) ? tellingTypes : ["A", "CNAME"]).map((type) => ({ name, type })),
  );
  const [server = ""] = expected.dns.nameServers;
  return lookUpMany(stranger, target(server), questions);
}
