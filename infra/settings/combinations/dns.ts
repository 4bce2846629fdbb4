import type { Settings } from "../settings.ts";
import type { WrongCombination } from "./combination.ts";

/** What does not go with who answers for the host names. */
export function wrongDns({ dns, hosts, proxy }: Settings): WrongCombination[] {
  if (dns.provider === "none") return [];
  const wrong: WrongCombination[] = [];
  for (const [index, host] of hosts.entries()) {
    if (host === dns.zone || host.endsWith(`.${dns.zone}`)) continue;
    wrong.push({ path: ["hosts", index], message: `a name in the zone ${dns.zone} (landfall:dns.zone)`, input: host });
  }
  if (dns.provider !== "cloudflare" || !dns.proxied) return wrong;
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
