import type * as pulumi from "@pulumi/pulumi";

/** A place that clients are led to: a server, or the balancer in front of several. */
export interface Destination {
  /** What it is called among several, for example `edge-1`; part of its records' logical names. */
  readonly name: string;
  readonly ipv4: pulumi.Input<string>;
  /** Left out where it takes no connections over IPv6. */
  readonly ipv6?: pulumi.Input<string>;
}

/** Who answers for the hosts: where they lead, and who may issue certificates for them. */
export interface Zone {
  /**
   * Leads the hosts to one place, or to several of which clients choose any.
   *
   * @param after what must be there before: nobody is led to a place that does not answer yet
   * @returns the records
   */
  lead(to: readonly [Destination, ...Destination[]], after: readonly pulumi.Resource[]): readonly pulumi.Resource[];
}

/** A record of addresses that a zone is to have. */
export interface AddressRecord {
  readonly host: string;
  readonly type: "A" | "AAAA";
  readonly address: pulumi.Input<string>;
  /** Its logical name. */
  readonly name: string;
  /** Logical names that it may have had. */
  readonly aliases: readonly string[];
}

/**
 * The records that lead hosts to places. The record of a host's only place is named after the host alone, and takes up
 * what was named after that place before, so that a change of the place is one change of one record.
 */
export function addressRecords(hosts: readonly string[], to: readonly Destination[]): AddressRecord[] {
  const only = to.length === 1;
  return hosts.flatMap((host) =>
    to.flatMap((destination, index) => {
      const place = `host-${host}-${destination.name}`;
      const names = (suffix: string): Pick<AddressRecord, "name" | "aliases"> => {
        if (only) return { name: `host-${host}${suffix}`, aliases: [`${place}${suffix}`] };
        return { name: `${place}${suffix}`, aliases: index === 0 ? [`host-${host}${suffix}`] : [] };
      };
      const { ipv4, ipv6 } = destination;
      return [
        { host, type: "A" as const, address: ipv4, ...names("") },
        ...(ipv6 === undefined ? [] : [{ host, type: "AAAA" as const, address: ipv6, ...names("-ipv6") }]),
      ];
    }),
  );
}
