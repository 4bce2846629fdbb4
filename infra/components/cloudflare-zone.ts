import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import type { CloudflareDnsSettings } from "../settings/dns.ts";
import { EdgeRules } from "./edge-rules.ts";
import { addressRecords, type Destination, type Zone } from "./zone.ts";

/** Arguments of a CloudflareZone. */
export interface CloudflareZoneArgs {
  readonly settings: CloudflareDnsSettings;
  readonly hosts: readonly string[];
  /** The only authorities that may issue certificates for the hosts, as CAA records name them; empty for any. */
  readonly authorities: readonly string[];
  /** What stands beside each record in the vendor's console. */
  readonly comment: string;
}

/**
 * What holds for every request to the zone, whoever it is meant for. A removed setting keeps its value there.
 * Strict-Transport-Security is the origin's to say, host by host: two who say it could contradict one another.
 */
const zoneSettings = { ssl: "strict", min_tls_version: "1.2", always_use_https: "on" } as const;

/** A zone at Cloudflare that is there already: how it treats requests, and who may issue certificates for our hosts. */
export class CloudflareZone extends pulumi.ComponentResource implements Zone {
  private readonly zoneId: pulumi.Output<string>;
  private readonly args: CloudflareZoneArgs;

  constructor(args: CloudflareZoneArgs, options?: pulumi.ComponentResourceOptions) {
    super("landfall:infra:Zone", "zone", {}, options);
    this.args = args;
    const { settings, hosts, authorities, comment } = args;
    this.zoneId = cloudflare
      .getZoneOutput({ filter: { name: settings.zone, match: "all" } }, { parent: this })
      .apply(({ id, zoneId }) => [zoneId, id].find((value) => value !== "") ?? missing(settings.zone));
    if (settings.manageZone) {
      for (const [settingId, value] of Object.entries(zoneSettings)) {
        const name = `zone-${settingId.replaceAll("_", "-")}`;
        new cloudflare.ZoneSetting(name, { zoneId: this.zoneId, settingId, value }, { parent: this });
      }
      if (settings.proxied)
        new EdgeRules({ zoneId: this.zoneId, hosts, settings, description: comment }, { parent: this });
    }
    for (const host of hosts) {
      for (const authority of authorities) {
        new cloudflare.DnsRecord(
          `caa-${host}-${authority}`,
          {
            zoneId: this.zoneId,
            name: host,
            type: "CAA",
            data: { flags: 0, tag: "issue", value: authority },
            ttl: 1,
            comment,
          },
          { parent: this, deleteBeforeReplace: true },
        );
      }
    }
    this.registerOutputs({ zoneId: this.zoneId });
  }

  lead(to: readonly [Destination, ...Destination[]], after: readonly pulumi.Resource[]): cloudflare.DnsRecord[] {
    const { settings, hosts, comment } = this.args;
    return addressRecords(hosts, to).map(
      ({ host, type, address, name, aliases }) =>
        new cloudflare.DnsRecord(
          name,
          {
            zoneId: this.zoneId,
            name: host,
            type,
            content: address,
            // 1 is what the vendor calls automatic.
            ttl: settings.ttl === "auto" ? 1 : settings.ttl,
            proxied: settings.proxied,
            comment,
          },
          {
            parent: this,
            dependsOn: [...after],
            deleteBeforeReplace: true,
            aliases: aliases.map((alias) => ({ name: alias })),
          },
        ),
    );
  }
}

function missing(zone: string): never {
  throw new Error(
    `Cloudflare's account has no zone ${zone} that the token may read (landfall:dns.zone). ` +
      "Add the zone there, or give the token the right to it (Zone: Read).",
  );
}
