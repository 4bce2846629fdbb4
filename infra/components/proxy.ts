import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Probe } from "../gates/probe.ts";
import { HealthGate } from "../providers/health-gate.ts";
import { ProxyConfiguration } from "../providers/proxy-configuration.ts";
import { containerPorts, renderNginx } from "../proxy/nginx.ts";
import { publicAuthority } from "../proxy/site.ts";
import type { ProxySettings } from "../settings/proxy.ts";
import { bytes, seconds } from "../settings/units.ts";
import { appChecks, appPort, type App } from "./app.ts";
import type { Certificate } from "./certificate.ts";
import type { Network } from "./network.ts";
import type { Server } from "./server.ts";
import { Service } from "./service.ts";

/** Arguments of a Proxy. */
export interface ProxyArgs {
  readonly server: Server;
  readonly network: Network;
  readonly app: App;
  readonly certificate: Certificate;
  /** Host names that it serves; the first is the one that is printed. */
  readonly hosts: readonly string[];
  readonly settings: ProxySettings;
}

const user = 996;

/** The reverse proxy: the only part that publishes ports. What it serves changes by reload. */
export class Proxy extends pulumi.ComponentResource {
  /** Where the service is for a person, for example `https://localhost:8443`. */
  readonly url: string;
  /** Opens when the wanted release answers through the proxy, as a client asks. */
  readonly gate: HealthGate;

  constructor(args: ProxyArgs, options?: pulumi.ComponentResourceOptions) {
    const { server, network, app, certificate, hosts, settings } = args;
    super("landfall:infra:Proxy", server.logicalName("edge-proxy"), {}, options);
    const [host = ""] = hosts;
    const volume = new docker.Volume(
      server.logicalName("proxy-configuration"),
      {
        name: server.dockerName("proxy-configuration"),
        labels: [{ label: "landfall.stack", value: pulumi.getStack() }],
      },
      { parent: this, provider: server.provider },
    );
    const container = new Service(
      {
        server,
        noun: "proxy",
        image: "nginx",
        user,
        networks: [
          { network: network.edge, aliases: [] },
          { network: network.service, aliases: ["proxy"] },
        ],
        files: {},
        volumes: { "/var/lib/proxy": volume },
        temporary: ["/run/proxy"],
        ports: [
          { internal: containerPorts.http, external: settings.httpPort, ip: settings.address },
          { internal: containerPorts.https, external: settings.httpsPort, ip: settings.address },
        ],
        limits: settings.limits,
        stopSeconds: 35,
      },
      { parent: this },
    );
    const configuration = new ProxyConfiguration(
      server.logicalName("proxy-site"),
      {
        engine: server.engine,
        container: container.containerId,
        configuration: renderNginx({
          hosts,
          httpsPort: settings.httpsPort,
          upstream: { host: app.host, port: appPort },
          hsts: {
            maxAgeSeconds: seconds(settings.hsts.maxAge),
            includeSubdomains: settings.hsts.includeSubdomains,
            preload: settings.hsts.preload,
          },
          metricsNetworks: settings.metricsNetworks,
          maxBodyBytes: bytes(settings.maxBody),
        }),
        certificate: certificate.certificate,
        privateKey: certificate.privateKey,
      },
      { parent: this },
    );
    this.gate = new HealthGate(
      server.logicalName("proxy-healthy"),
      {
        engine: server.engine,
        container: container.containerId,
        image: container.imageId,
        probe: certificate.rootCertificate.apply((rootCertificate): Probe => ({
          kind: "outside",
          address: loopbackOf(settings.address),
          port: settings.httpsPort,
          host,
          path: "/health/ready",
          rootCertificate,
        })),
        release: app.release,
        checks: [...appChecks],
        passes: 3,
        intervalSeconds: 1,
        deadlineSeconds: 60,
        triggers: pulumi.output({ configuration: configuration.release }),
      },
      { parent: this },
    );
    this.url = `https://${publicAuthority(host, settings.httpsPort)}`;
    this.registerOutputs({ url: this.url });
  }
}

/** An address to ask at: a proxy that listens on all of them is asked on loopback. */
function loopbackOf(address: string): string {
  if (address === "0.0.0.0") return "127.0.0.1";
  return address === "::" ? "::1" : address;
}
