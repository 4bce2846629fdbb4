import * as linode from "@pulumi/linode";
import * as pulumi from "@pulumi/pulumi";
import { intentOf } from "../firewall/intent.ts";
import { linodeInbounds } from "../firewall/linode.ts";
import { incomingRules, type FirewallRule } from "../firewall/rules.ts";
import type { LinodeSettings } from "../settings/servers.ts";
import type { Settings } from "../settings/settings.ts";
import { labelLengths, linodeLabel, numericId } from "./linode-names.ts";

/** Arguments of a Firewall. */
export interface FirewallArgs {
  /** What names begin with, for example `landfall-staging`. */
  readonly prefix: string;
  /** The server, whatever its generation. */
  readonly server: LinodeSettings;
  readonly settings: Settings;
  /** The networks that web requests come from; undefined where they come from anywhere. */
  readonly edgeNetworks: pulumi.Output<string[]> | undefined;
}

/**
 * Linode's firewall before a server. The list that it is made from is also the one of the server's own.
 */
export class Firewall extends pulumi.ComponentResource {
  /** All that may come in. */
  readonly rules: pulumi.Output<FirewallRule[]>;
  private readonly firewall: linode.Firewall;

  constructor({ prefix, server, settings, edgeNetworks }: FirewallArgs, options?: pulumi.ComponentResourceOptions) {
    super("landfall:infra:Firewall", `${server.name}-firewall`, {}, options);
    this.rules = pulumi.output(edgeNetworks).apply((networks) => incomingRules(intentOf(server, settings, networks)));
    this.firewall = new linode.Firewall(
      `${server.name}-firewall`,
      {
        label: linodeLabel([prefix, server.name], labelLengths.firewall),
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
