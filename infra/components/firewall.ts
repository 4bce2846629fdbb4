import * as linode from "@pulumi/linode";
import * as pulumi from "@pulumi/pulumi";
import { linodeInbounds } from "../firewall/linode.ts";
import { incomingRules, type FirewallRule } from "../firewall/rules.ts";
import type { AccessSettings } from "../settings/access.ts";
import { labelLengths, linodeLabel, numericId } from "./linode-names.ts";

/** Arguments of a Firewall. */
export interface FirewallArgs {
  /** What names begin with, for example `landfall-staging`. */
  readonly prefix: string;
  readonly access: AccessSettings;
  /** The networks that web requests come from; undefined where they come from anywhere. */
  readonly edgeNetworks: pulumi.Output<string[]> | undefined;
}

/**
 * Linode's firewall before the servers. The list that it is made from is also the one of the servers' own.
 */
export class Firewall extends pulumi.ComponentResource {
  /** All that may come in. */
  readonly rules: pulumi.Output<FirewallRule[]>;
  private readonly firewall: linode.Firewall;

  constructor({ prefix, access, edgeNetworks }: FirewallArgs, options?: pulumi.ComponentResourceOptions) {
    super("landfall:infra:Firewall", "firewall", {}, options);
    this.rules = pulumi.output(edgeNetworks).apply((networks) =>
      incomingRules({
        sshNetworks: access.networks,
        web: networks === undefined ? "anywhere" : { edgeNetworks: networks },
      }),
    );
    this.firewall = new linode.Firewall(
      "firewall",
      {
        label: linodeLabel([prefix], labelLengths.firewall),
        inboundPolicy: "DROP",
        outboundPolicy: "ACCEPT",
        inbounds: this.rules.apply((rules) => linodeInbounds(rules).map((rule) => ({ ...rule }))),
        tags: [prefix],
      },
      { parent: this },
    );
    this.registerOutputs({ rules: this.rules });
  }

  /** Puts a server behind the firewall. */
  protect(logicalName: string, server: linode.Instance, parent: pulumi.Resource): linode.FirewallDevice {
    return new linode.FirewallDevice(
      logicalName,
      { firewallId: numericId(this.firewall), entityId: numericId(server), entityType: "linode" },
      { parent, deletedWith: server },
    );
  }
}
