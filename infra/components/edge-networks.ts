import * as cloudflare from "@pulumi/cloudflare";
import type * as pulumi from "@pulumi/pulumi";
import type { ClientAddress } from "../proxy/site.ts";
import type { DnsSettings } from "../settings/dns.ts";

/** The networks of the edge that all requests come through, as its vendor names them; undefined where there is none. */
export function edgeNetworks(dns: DnsSettings): pulumi.Output<string[]> | undefined {
  if (dns.provider !== "cloudflare" || !dns.proxied) return undefined;
  return cloudflare.getIpRangesOutput({}).apply(({ ipv4Cidrs, ipv6Cidrs }) => [...ipv4Cidrs, ...ipv6Cidrs]);
}

/** By what an edge says whom it asks for; undefined where clients come themselves. */
export function edgeClientAddress(
  networks: pulumi.Output<string[]> | undefined,
): pulumi.Output<ClientAddress> | undefined {
  return networks?.apply((list) => ({ header: "CF-Connecting-IP", networks: list }));
}
