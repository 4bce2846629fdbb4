import { legacySystems } from "./migration.ts";
import type { Settings } from "./settings.ts";

/** A setting that is right by itself and wrong beside another. */
export interface WrongCombination {
  readonly path: readonly (string | number)[];
  /** What is allowed, and why. */
  readonly message: string;
  readonly input: unknown;
}

/** Every pair of settings that cannot go together, secrets that another setting calls for among them. */
export function combinations(settings: Settings): WrongCombination[] {
  return [
    ...missingSecrets(settings),
    ...wrongOnServers(settings),
    ...wrongDns(settings),
    ...wrongCertificate(settings),
  ];
}

function missingSecrets({ migration, certificate, images, secrets }: Settings): WrongCombination[] {
  const missing: WrongCombination[] = [];
  const need = (system: keyof Settings["secrets"], value: string): void => {
    if (secrets[system] !== undefined) return;
    const message = `a value, set by: npx pulumi config set --secret --path 'landfall:secrets.${system}.${value}'`;
    missing.push({ path: ["secrets", system, value], message, input: undefined });
  };
  for (const system of legacySystems) if (migration.sources[system]?.kind === "server") need(system, "password");
  if (certificate.issuer === "acme" && certificate.challenge === "dns-01") need("cloudflare", "dnsToken");
  if (images.registry !== undefined) need("registry", "password");
  return missing;
}

function wrongOnServers({ servers, access, proxy, dns }: Settings): WrongCombination[] {
  const [first] = servers;
  if (first?.platform !== "linode") {
    if (dns.provider === "none") return [];
    const message = '"none", as no server has a public address: landfall:servers are not Linodes';
    return [{ path: ["dns", "provider"], message, input: dns.provider }];
  }
  const wrong: WrongCombination[] = [];
  // The number at the end of a plan's name is that of its cores, or less: https://www.linode.com/pricing/
  if (servers.length === 1 && Number(/\d+$/.exec(first.type)?.[0] ?? leastCores) < leastCores) {
    const message = 'a plan with at least 4 cores and 8 GB, such as "g6-standard-4", for a server that has every role';
    wrong.push({ path: ["servers", 0, "type"], message, input: first.type });
  }
  if (access.networks.length === 0) {
    const message = "at least one network, the one that Pulumi runs in: servers are set up over ssh";
    wrong.push({ path: ["access", "networks"], message, input: access.networks });
  }
  for (const [index, network] of access.networks.entries()) {
    if (!network.endsWith("/0")) continue;
    const message = "a network of yours: ssh is not for the whole internet";
    wrong.push({ path: ["access", "networks", index], message, input: network });
  }
  if (proxy.address !== "0.0.0.0") {
    const message = '"0.0.0.0" on Linodes, whose addresses are not known before; the firewall admits who may come';
    wrong.push({ path: ["proxy", "address"], message, input: proxy.address });
  }
  return wrong;
}

/** A server that has every role carries a small system only from here on. */
const leastCores = 4;

function wrongDns({ dns, hosts, proxy }: Settings): WrongCombination[] {
  if (dns.provider !== "cloudflare") return [];
  const wrong: WrongCombination[] = [];
  for (const [index, host] of hosts.entries()) {
    if (host === dns.zone || host.endsWith(`.${dns.zone}`)) continue;
    wrong.push({ path: ["hosts", index], message: `a name in the zone ${dns.zone} (landfall:dns.zone)`, input: host });
  }
  if (!dns.proxied) return wrong;
  for (const [index, host] of hosts.entries()) {
    const below = host.slice(0, -dns.zone.length).split(".").filter(Boolean).length;
    if (!host.endsWith(dns.zone) || below <= 1) continue;
    // https://developers.cloudflare.com/ssl/edge-certificates/universal-ssl/limitations/
    const message = `${dns.zone} or a name right below it: no certificate of Cloudflare's edge covers deeper ones (landfall:dns.proxied)`;
    wrong.push({ path: ["hosts", index], message, input: host });
  }
  if (dns.ttl !== "auto") {
    const message = '"auto", as Cloudflare chooses it for records that it proxies';
    wrong.push({ path: ["dns", "ttl"], message, input: dns.ttl });
  }
  for (const [key, port] of Object.entries({ httpPort: 80, httpsPort: 443 })) {
    const given: unknown = Reflect.get(proxy, key);
    if (given === port) continue;
    const message = `${String(port)}, where Cloudflare's edge asks (landfall:dns.proxied)`;
    wrong.push({ path: ["proxy", key], message, input: given });
  }
  return wrong;
}

function wrongCertificate({ certificate, dns, proxy }: Settings): WrongCombination[] {
  const proxied = dns.provider === "cloudflare" && dns.proxied;
  if (certificate.issuer === "local-ca") {
    if (!proxied) return [];
    const message =
      '"acme", as Cloudflare takes no certificate of a local authority from the origin (landfall:dns.proxied)';
    return [{ path: ["certificate", "issuer"], message, input: certificate.issuer }];
  }
  const wrong: WrongCombination[] = [];
  const refuse = (message: string): void => {
    wrong.push({ path: ["certificate", "challenge"], message, input: certificate.challenge });
  };
  if (certificate.challenge === "dns-01" && dns.provider !== "cloudflare") {
    refuse('"http-01", as no DNS provider is set that records could be made at (landfall:dns.provider)');
  }
  if (certificate.challenge === "http-01" && proxied) {
    refuse("\"dns-01\", as the authority's question would end at Cloudflare's edge (landfall:dns.proxied)");
  }
  if (certificate.challenge === "http-01" && proxy.httpPort !== 80) {
    refuse('"dns-01", as the authority asks at port 80 only (landfall:proxy.httpPort)');
  }
  return wrong;
}
