import * as pulumi from "@pulumi/pulumi";
import type { Probe } from "../gates/probe.ts";
import { HealthGate } from "../providers/health-gate.ts";
import { ProxyConfiguration } from "../providers/proxy-configuration.ts";
import { containerPorts, renderNginx } from "../proxy/nginx.ts";
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
  /** The release that it serves. */
  readonly app: Pick<App, "host" | "release" | "service">;
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
    this.gate = new HealthGate(
      server.logicalName("proxy-healthy"),
      {
        engine: server.engine,
        container: proxy.service.containerId,
        image: proxy.service.imageId,
        probe: probeOf(args, host),
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

/** How the gate asks: as a client of this machine would, or on a server elsewhere, where only its edge may come in. */
function probeOf({ server, app, certificate, settings }: ProxySiteArgs, host: string): pulumi.Output<Probe> {
  const path = "/health/ready";
  const root = pulumi.output(certificate.kind === "delivered" ? certificate.rootCertificate : undefined);
  if (server.publicAddress === undefined) {
    return root.apply((rootCertificate): Probe => ({
      kind: "outside",
      address: loopbackOf(settings.address),
      port: settings.httpsPort,
      host,
      path,
      ...(rootCertificate === undefined ? {} : { rootCertificate }),
    }));
  }
  const file = certificate.kind === "folder" ? `${certificate.site.path}/certificate.pem` : "";
  return pulumi.all([root, app.service.containerId]).apply(([pem, from]): Probe => ({
    kind: "beside",
    from,
    url: `https://proxy:${String(containerPorts.https)}${path}`,
    host,
    trust: pem === undefined ? { file } : { pem },
  }));
}

/** An address to ask at: a proxy that listens on all of them is asked on loopback. */
function loopbackOf(address: string): string {
  if (address === "0.0.0.0") return "127.0.0.1";
  return address === "::" ? "::1" : address;
}
