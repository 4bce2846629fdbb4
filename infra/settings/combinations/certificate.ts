import type { Settings } from "../settings.ts";
import type { WrongCombination } from "./combination.ts";

/** What does not go with the certificate. */
export function wrongCertificate({ certificate, dns, proxy }: Settings): WrongCombination[] {
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
