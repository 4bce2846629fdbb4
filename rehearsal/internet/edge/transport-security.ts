import type { Zone } from "../zone.ts";
import { settingOf } from "./plan.ts";

/** HSTS, where the zone's setting has it (RFC 6797): over TLS only. */
export function transportSecurity(zone: Zone, scheme: "http" | "https"): Record<string, string> {
  const setting = settingOf(zone, "security_header") as
    { strict_transport_security?: Record<string, unknown> } | undefined;
  const wanted = setting?.strict_transport_security ?? {};
  if (scheme === "http" || wanted["enabled"] !== true) return {};
  const parts = [
    `max-age=${String(Number(wanted["max_age"] ?? 0))}`,
    ...(wanted["include_subdomains"] === true ? ["includeSubDomains"] : []),
    ...(wanted["preload"] === true ? ["preload"] : []),
  ];
  return {
    "strict-transport-security": parts.join("; "),
    ...(wanted["nosniff"] === true ? { "x-content-type-options": "nosniff" } : {}),
  };
}
