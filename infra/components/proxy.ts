import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { balancedPorts } from "../firewall/rules.ts";
import { containerPorts } from "../proxy/site.ts";
import type { ProxySettings } from "../settings/proxy.ts";
import type { CertificateFolder } from "./certificate-folder.ts";
import type { Network } from "./network.ts";
import type { Server } from "./server.ts";
import { Service } from "./service.ts";

/** Arguments of a Proxy. */
export interface ProxyArgs {
  readonly server: Server;
  readonly network: Network;
  /** Where the server puts a certificate that it renews by itself; undefined when updates deliver it. */
  readonly certificates: CertificateFolder | undefined;
  /** Whether a balancer passes requests on to it. */
  readonly balanced: boolean;
  readonly settings: ProxySettings;
  /** What must be open before it is made, or made anew. */
  readonly after: readonly pulumi.Resource[];
}

/** User that a proxy runs as in its image. */
export const proxyUser = 996;
/** Nobody new is served while a proxy that is replaced ends its last requests, so these have less time than at a reload. */
export const proxyStopSeconds = 10;

/**
 * The reverse proxy: the only part that publishes ports. Until a site is delivered it answers a certificate's issuer,
 * and everyone else with 503.
 */
export class Proxy extends pulumi.ComponentResource {
  readonly service: Service;

  constructor(args: ProxyArgs, options?: pulumi.ComponentResourceOptions) {
    const { server, network, certificates, settings } = args;
    super("landfall:infra:Proxy", server.logicalName("edge-proxy"), {}, options);
    const volume = new docker.Volume(
      server.logicalName("proxy-configuration"),
      {
        name: server.dockerName("proxy-configuration"),
        labels: [{ label: "landfall.stack", value: pulumi.getStack() }],
      },
      server.own(this),
    );
    this.service = new Service(
      {
        server,
        noun: "proxy",
        image: settings.server,
        user: proxyUser,
        networks: [
          { network: network.edge, aliases: [] },
          { network: network.service, aliases: ["proxy"] },
          ...(network.peers === undefined ? [] : [{ network: network.peers, aliases: [] }]),
        ],
        files: {},
        volumes: { "/var/lib/proxy": volume },
        ...(certificates === undefined ? {} : { readOnlyVolumes: { [certificates.path]: certificates.volume } }),
        temporary: ["/run/proxy"],
        ports: [
          { internal: containerPorts.http, external: settings.httpPort, ip: settings.address },
          { internal: containerPorts.https, external: settings.httpsPort, ip: settings.address },
          ...(args.balanced
            ? [
                { internal: containerPorts.balancedHttp, external: balancedPorts.http, ip: settings.address },
                { internal: containerPorts.balancedHttps, external: balancedPorts.https, ip: settings.address },
              ]
            : []),
        ],
        limits: settings.limits,
        stopSeconds: proxyStopSeconds,
      },
      { parent: this, dependsOn: [...args.after] },
    );
    this.registerOutputs();
  }
}
