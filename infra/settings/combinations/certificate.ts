import { givenFaults } from "../../certificates/given.ts";
import type { Settings } from "../settings.ts";
import type { WrongCombination } from "./combination.ts";

/** What does not go with the certificate. */
export function wrongCertificate(settings: Settings): WrongCombination[] {
  const { certificate, dns } = settings;
  const proxied = dns.provider === "cloudflare" && dns.proxied;
  switch (certificate.issuer) {
    case "local-ca":
      return proxied
        ? wrongIssuer(
            certificate,
            '"acme", "origin-ca" or "given", as Cloudflare takes no certificate of a local authority from the origin (landfall:dns.proxied)',
          )
        : [];
    case "origin-ca":
      return proxied
        ? []
        : wrongIssuer(
            certificate,
            '"acme" or "given", as nobody but Cloudflare\'s edge trusts its authority for origins, and requests do not go through it (landfall:dns.proxied)',
          );
    case "given":
      return wrongGiven(certificate, settings);
    case "acme":
      return [...wrongChallenge(certificate, settings), ...wrongAlert(certificate, settings)];
  }
}

type Certificate<Issuer> = Extract<Settings["certificate"], { issuer: Issuer }>;

function wrongIssuer({ issuer }: Settings["certificate"], message: string): WrongCombination[] {
  return [{ path: ["certificate", "issuer"], message, input: issuer }];
}

function wrongChallenge({ challenge }: Certificate<"acme">, settings: Settings): WrongCombination[] {
  const { dns, proxy, servers } = settings;
  const wrong: WrongCombination[] = [];
  const refuse = (message: string): void => {
    wrong.push({ path: ["certificate", "challenge"], message, input: challenge });
  };
  if (challenge === "dns-01") {
    if (dns.provider === "none") {
      refuse('"http-01", as no DNS provider is set that records could be made at (landfall:dns.provider)');
    }
    return wrong;
  }
  if (dns.provider === "cloudflare" && dns.proxied) {
    refuse("\"dns-01\", as the authority's question would end at Cloudflare's edge (landfall:dns.proxied)");
  }
  if (proxy.httpPort !== 80) refuse('"dns-01", as the authority asks at port 80 only (landfall:proxy.httpPort)');
  const edges = servers.filter(({ roles }) => roles.includes("edge")).length;
  if (edges > 1) {
    refuse(
      `"dns-01", as the authority's question reaches any one of the ${String(edges)} edges, and only the one that asked for the certificate could answer it (landfall:servers)`,
    );
  }
  return wrong;
}

function wrongAlert({ renewalDays }: Certificate<"acme">, { alerts, secrets }: Settings): WrongCombination[] {
  if (secrets.alerts === undefined || alerts.certificateDays < renewalDays) return [];
  const message = `fewer than ${String(renewalDays)} days, as a certificate is renewed only then and nothing is wrong before (landfall:certificate.renewalDays)`;
  return [{ path: ["alerts", "certificateDays"], message, input: alerts.certificateDays }];
}

function wrongGiven({ chain }: Certificate<"given">, { hosts, secrets }: Settings): WrongCombination[] {
  const privateKey = secrets.certificate?.privateKey;
  return givenFaults({ chain, privateKey, hosts }, Date.now()).map(({ of, message }) =>
    of === "chain"
      ? { path: ["certificate", "chain"], message, input: chain }
      : { path: ["secrets", "certificate", "privateKey"], message, input: privateKey },
  );
}
