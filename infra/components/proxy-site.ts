import * as pulumi from "@pulumi/pulumi";
import type { Probe } from "../gates/probe.ts";
import { HealthGate } from "../providers/health-gate.ts";
import { ProxyConfiguration } from "../providers/proxy-configuration.ts";
import { renderNginx } from "../proxy/nginx.ts";
import { publicAuthority, type ClientAddress } from "../proxy/site.ts";
import type { ProxySettings } from "../settings/proxy.ts";
import { bytes, seconds } from "../settings/units.ts";
import { appChecks, appPort, type App } from "./app.ts";
import type { ProxyCertificate } from "./proxy-certificate.ts";
import type { Proxy } from "./proxy.ts";
import type { Server } from "./server.ts";

/** Arguments of a ProxySite. */
export interface ProxySiteArgs {
  readonly server: Server;
  readonly proxy: Proxy;
  readonly app: App;
  readonly certificate: ProxyCertificate;
  /** Host names that it serves; the first is the one that is printed. */
  readonly hosts: readonly string[];
  readonly settings: ProxySettings;
  /** Whom the proxy believes about a client's address; undefined when clients come themselves. */
  readonly clientAddress: pulumi.Input<ClientAddress> | undefined;
}

/** What a proxy serves. A change is a reload: no connection is dropped. */
export class ProxySite extends pulumi.ComponentResource {
  /** Where the service is for a person, for example `https://localhost:8443`. */
  readonly url: string;
  /** Opens when the wanted release answers through the proxy, as a client asks. */
  readonly gate: HealthGate;

  constructor(args: ProxySiteArgs, options?: pulumi.ComponentResourceOptions) {
    const { server, proxy, app, certificate, hosts, settings } = args;
    super("landfall:infra:ProxySite", server.logicalName("site"), {}, options);
    const [host = ""] = hosts;
    const configuration = new ProxyConfiguration(
      server.logicalName("proxy-site"),
      {
        engine: server.engine,
        container: proxy.service.containerId,
        configuration: pulumi.output(args.clientAddress).apply((clientAddress) =>
          renderNginx({
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
            certificate: certificate.kind === "folder" ? certificate.site : { kind: "delivered" },
            clientAddress,
          }),
        ),
        ...(certificate.kind === "delivered"
          ? { certificate: certificate.certificate, privateKey: certificate.privateKey }
          : {}),
      },
      { parent: this, ...(certificate.kind === "folder" ? { dependsOn: [certificate.gate] } : {}) },
    );
    const root = pulumi.output(certificate.kind === "delivered" ? certificate.rootCertificate : undefined);
    this.gate = new HealthGate(
      server.logicalName("proxy-healthy"),
      {
        engine: server.engine,
        container: proxy.service.containerId,
        image: proxy.service.imageId,
        probe: root.apply((rootCertificate): Probe => ({
          kind: "outside",
          address: loopbackOf(settings.address),
          port: settings.httpsPort,
          host,
          path: "/health/ready",
          ...(rootCertificate === undefined ? {} : { rootCertificate }),
        })),
        release: app.release,
        checks: [...appChecks],
        passes: 3,
        intervalSeconds: 1,
        deadlineSeconds: 60,
        triggers: pulumi.output({
          configuration: configuration.release,
          ...(certificate.kind === "folder" ? { certificate: certificate.gate.serial } : {}),
        }),
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
