import { isServed, legacySystems } from "../migration.ts";
import type { Settings } from "../settings.ts";
import type { WrongCombination } from "./combination.ts";

/** Secrets that another setting calls for and that are not there. */
export function missingSecrets({ migration, certificate, dns, images, secrets }: Settings): WrongCombination[] {
  const missing: WrongCombination[] = [];
  const need = (system: keyof Settings["secrets"], value: string): void => {
    if (secrets[system] !== undefined) return;
    const message = `a value, set by: npx pulumi config set --secret --path 'landfall:secrets.${system}.${value}'`;
    missing.push({ path: ["secrets", system, value], message, input: undefined });
  };
  for (const system of legacySystems.filter(isServed)) {
    if (migration.sources[system]?.kind === "server") need(system, "password");
  }
  if (certificate.issuer === "acme" && certificate.challenge === "dns-01" && dns.provider !== "none") {
    need(dns.provider, "dnsToken");
  }
  if (certificate.issuer === "given") need("certificate", "privateKey");
  if (images.registry !== undefined) need("registry", "password");
  return missing;
}
