import { accountId } from "../account.ts";
import { nameServers } from "../names/zone-file.ts";
import type { Zone } from "../zone.ts";

/** A zone as Cloudflare's API shows it. */
export function showZone(zone: Zone): Record<string, unknown> {
  const permissions = ["#dns_records:edit", "#dns_records:read", "#zone:read", "#zone_settings:edit"];
  return {
    id: zone.id,
    name: zone.name,
    status: "active",
    paused: false,
    type: "full",
    development_mode: 0,
    name_servers: nameServers,
    original_name_servers: null,
    original_registrar: null,
    original_dnshost: null,
    created_on: zone.created_on,
    modified_on: zone.created_on,
    activated_on: zone.created_on,
    vanity_name_servers: [],
    cname_suffix: null,
    verification_key: null,
    account: { id: accountId, name: "Rehearsal" },
    owner: { id: null, type: "user", email: null, name: null },
    permissions,
    plan: {
      id: "0feeeeeeeeeeeeeeeeeeeeeeeeeeeeee",
      name: "Free Website",
      price: 0,
      currency: "USD",
      frequency: "",
      is_subscribed: false,
      can_subscribe: false,
      legacy_id: "free",
      legacy_discount: false,
      externally_managed: false,
    },
    meta: {
      step: 2,
      custom_certificate_quota: 0,
      page_rule_quota: 3,
      phishing_detected: false,
      cdn_only: false,
      dns_only: false,
      foundation_dns: false,
    },
    tenant: { id: null, name: null },
    tenant_unit: { id: null },
  };
}
