import * as linode from "@pulumi/linode";
import * as pulumi from "@pulumi/pulumi";
import type { PrivateNetworkSettings } from "../settings/private-network.ts";
import { labelLengths, linodeLabel, numericId } from "./linode-names.ts";

/** Arguments of a PrivateNetwork. */
export interface PrivateNetworkArgs {
  /** What names begin with, for example `landfall-staging`. */
  readonly prefix: string;
  readonly region: string;
  readonly settings: PrivateNetworkSettings;
}

/** The network that the servers of an environment have among themselves: a VPC with one subnet. */
export class PrivateNetwork extends pulumi.ComponentResource {
  /** Id of the subnet, as servers refer to it. */
  readonly subnetId: pulumi.Output<number>;
  /** Its addresses in CIDR form. */
  readonly subnet: string;

  constructor({ prefix, region, settings }: PrivateNetworkArgs, options?: pulumi.ComponentResourceOptions) {
    super("landfall:infra:PrivateNetwork", "private-network", {}, options);
    const vpc = new linode.Vpc(
      "private-network",
      { label: linodeLabel([prefix], labelLengths.vpc), region, description: `Servers of ${prefix}` },
      { parent: this },
    );
    const subnet = new linode.VpcSubnet(
      "private-network",
      { vpcId: numericId(vpc), label: "servers", ipv4: settings.subnet },
      { parent: this },
    );
    this.subnetId = numericId(subnet);
    this.subnet = settings.subnet;
    this.registerOutputs({ subnetId: this.subnetId });
  }
}
