import * as linode from "@pulumi/linode";
import * as pulumi from "@pulumi/pulumi";
import { linodeInbounds } from "../firewall/linode.ts";
import { balancedPorts, webRules } from "../firewall/rules.ts";
import type { BalancerSettings } from "../settings/balancer.ts";
import { seconds } from "../settings/units.ts";
import { labelLengths, linodeLabel, numericId } from "./linode-names.ts";

/** An edge behind a NodeBalancer. */
export interface BalancedEdge {
  /** The server's generation. */
  readonly name: string;
  /** Its address in the data center's own network, where NodeBalancers ask. */
  readonly address: pulumi.Output<string>;
  /** Whether it gets no new connections, and keeps those that it has. */
  readonly draining: boolean;
}

/** Arguments of a NodeBalancer. */
export interface NodeBalancerArgs {
  /** What names begin with, for example `landfall-production`. */
  readonly prefix: string;
  readonly region: string;
  readonly edges: readonly BalancedEdge[];
  readonly settings: BalancerSettings;
  /** The networks that web requests come from; undefined where they come from anywhere. */
  readonly edgeNetworks: pulumi.Output<string[]> | undefined;
}

const schemes = [
  { scheme: "http", port: 80 },
  { scheme: "https", port: 443 },
] as const;

/**
 * Linode's load balancer in front of the edges. It passes connections on as they are, so TLS ends at the edges, and
 * says by PROXY protocol whose they are.
 */
export class NodeBalancer extends pulumi.ComponentResource {
  /** Address that the hosts' records lead to. */
  readonly publicAddress: pulumi.Output<string>;
  /** What has to be there before anybody is led to it. */
  readonly ready: readonly pulumi.Resource[];

  constructor(args: NodeBalancerArgs, options?: pulumi.ComponentResourceOptions) {
    const { prefix, region, edges, settings, edgeNetworks } = args;
    super("landfall:infra:NodeBalancer", "balancer", {}, options);
    const balancer = new linode.NodeBalancer(
      "balancer",
      {
        label: linodeLabel([prefix], labelLengths.nodeBalancer),
        region,
        clientConnThrottle: settings.connectionsPerSecond,
        tags: [prefix],
      },
      { parent: this },
    );
    const nodes = schemes.flatMap(({ scheme, port }) => {
      const config = new linode.NodeBalancerConfig(
        `balancer-${scheme}`,
        {
          nodebalancerId: numericId(balancer),
          port,
          protocol: "tcp",
          proxyProtocol: "v2",
          algorithm: settings.algorithm,
          stickiness: "none",
          check: "connection",
          checkInterval: seconds(settings.check.interval),
          checkTimeout: seconds(settings.check.timeout),
          checkAttempts: settings.check.attempts,
          checkPassive: true,
        },
        { parent: this },
      );
      return edges.map(
        ({ name, address, draining }) =>
          new linode.NodeBalancerNode(
            `balancer-${scheme}-${name}`,
            {
              nodebalancerId: numericId(balancer),
              configId: numericId(config),
              label: name,
              address: pulumi.interpolate`${address}:${String(balancedPorts[scheme])}`,
              mode: draining ? "drain" : "accept",
              weight: 100,
            },
            { parent: this },
          ),
      );
    });
    const firewall = new linode.Firewall(
      "balancer-firewall",
      {
        label: linodeLabel([prefix, "balancer"], labelLengths.firewall),
        inboundPolicy: "DROP",
        outboundPolicy: "ACCEPT",
        inbounds: pulumi
          .output(edgeNetworks)
          .apply((networks) => webRules(networks === undefined ? "anywhere" : { edgeNetworks: networks }))
          .apply((rules) => linodeInbounds(rules).map((rule) => ({ ...rule }))),
        tags: [prefix],
      },
      { parent: this },
    );
    const device = new linode.FirewallDevice(
      "balancer",
      { firewallId: numericId(firewall), entityId: numericId(balancer), entityType: "nodebalancer" },
      { parent: this, deletedWith: balancer },
    );
    this.ready = [...nodes, device];
    this.publicAddress = balancer.ipv4;
    this.registerOutputs({ publicAddress: this.publicAddress });
  }
}
