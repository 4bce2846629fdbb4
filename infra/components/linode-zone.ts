import * as linode from "@pulumi/linode";
import * as pulumi from "@pulumi/pulumi";
import type { LinodeDnsSettings } from "../settings/dns.ts";
import { addressRecords, type Destination, type Zone } from "./zone.ts";

/** Arguments of a LinodeZone. */
export interface LinodeZoneArgs {
  readonly settings: LinodeDnsSettings;
  readonly hosts: readonly string[];
  /** The only authorities that may issue certificates for the hosts, as CAA records name them; empty for any. */
  readonly authorities: readonly string[];
  /** Tag of a domain that the stack makes, for example `landfall-staging`. */
  readonly tag: string;
}

/**
 * A domain of Linode's DNS Manager, which is there already or is made and protected: other records than ours may have
 * come into it since.
 */
export class LinodeZone extends pulumi.ComponentResource implements Zone {
  private readonly domainId: pulumi.Output<number>;
  private readonly args: LinodeZoneArgs;

  constructor(args: LinodeZoneArgs, options?: pulumi.ComponentResourceOptions) {
    super("landfall:infra:LinodeZone", "zone", {}, options);
    this.args = args;
    const { settings, hosts, authorities } = args;
    this.domainId = this.domain();
    for (const host of hosts) {
      for (const authority of authorities) {
        new linode.DomainRecord(
          `caa-${host}-${authority}`,
          {
            domainId: this.domainId,
            name: within(host, settings.zone),
            recordType: "CAA",
            tag: "issue",
            target: authority,
            ttlSec: settings.ttl,
          },
          { parent: this, deleteBeforeReplace: true },
        );
      }
    }
    this.registerOutputs({ domainId: this.domainId });
  }

  lead(to: readonly [Destination, ...Destination[]], after: readonly pulumi.Resource[]): linode.DomainRecord[] {
    const { settings, hosts } = this.args;
    return addressRecords(hosts, to).map(
      ({ host, type, address, name, aliases }) =>
        new linode.DomainRecord(
          name,
          {
            domainId: this.domainId,
            name: within(host, settings.zone),
            recordType: type,
            target: address,
            ttlSec: settings.ttl,
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

  private domain(): pulumi.Output<number> {
    const { settings, tag } = this.args;
    const { zone, createZone, ttl } = settings;
    if (createZone === undefined) {
      return linode
        .getDomainOutput({ domain: zone }, { parent: this })
        .apply(({ id }) => (id === undefined || id === 0 ? missing(zone) : id));
    }
    const domain = new linode.Domain(
      "domain",
      { domain: zone, type: "master", soaEmail: createZone.email, ttlSec: ttl, tags: [tag] },
      { parent: this, protect: true },
    );
    return domain.id.apply((id) => (Number.isInteger(Number(id)) ? Number(id) : missing(zone)));
  }
}

/** A host's name within its domain; empty for the domain itself. */
function within(host: string, zone: string): string {
  return host === zone ? "" : host.slice(0, -(zone.length + 1));
}

function missing(zone: string): never {
  throw new Error(
    `Linode's account has no domain ${zone} that the token may read (landfall:dns.zone). Add the domain there, or have ` +
      "it made with landfall:dns.createZone.",
  );
}
