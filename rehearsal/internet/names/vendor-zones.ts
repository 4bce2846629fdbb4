import type { Account } from "../account.ts";
import { nameServers } from "./zone-file.ts";

/** The name under which webhooks are received; example.net is nobody's (RFC 2606). */
export const hooksName = "hooks.example.net";

/**
 * Vendors' zones of which the rehearsal needs a few names, answered beside Cloudflare's own. Every other name in them
 * does not exist here.
 */
export function vendorZones(account: Account): Record<string, Record<string, string>> {
  return {
    "cloudflare.com": {
      "api.cloudflare.com": account.edge,
      ...Object.fromEntries(nameServers.map((name) => [name, account.edge])),
    },
    "api.letsencrypt.org": {
      "acme-v02.api.letsencrypt.org": account.authority,
      "acme-staging-v02.api.letsencrypt.org": account.authority,
    },
    [hooksName]: { [hooksName]: account.hooks },
  };
}
