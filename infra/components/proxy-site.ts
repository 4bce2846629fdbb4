import * as pulumi from "@pulumi/pulumi";
import type { Probe } from "../gates/probe.ts";
import { HealthGate } from "../providers/health-gate.ts";
import { ProxyConfiguration } from "../providers/proxy-configuration.ts";
import { renderSite } from "../proxy/render.ts";
import {
  certificateFile,
  containerPorts,
  publicAuthority,
  type ClientAddress,
  type ProxyProtocol,
  type Site,
} from "../proxy/site.ts";
import type { Upstream } from "../proxy/upstream.ts";
import type { ProxySettings } from "../settings/proxy.ts";
import { bytes, seconds } from "../settings/units.ts";
import type { ProxyCertificate } from "./proxy-certificate.ts";
import type { Proxy } from "./proxy.ts";
import type { Server } from "./server.ts";

/** Arguments of a ProxySite. */
export interface ProxySiteArgs {
  readonly server: Server;
  readonly proxy: Proxy;
  /** The container beside it, or the proxies on the app servers. */
  readonly upstream: Upstream;
  /** Root of the app servers' certificates, PEM. */
  readonly upstreamAuthority: pulumi.Input<string>;
  /** The release that must answer through it. */
  readonly release: pulumi.Input<string>;
  /** Names that its answer has to show as true. */
  readonly checks: readonly string[];
  readonly certificate: ProxyCertificate;
  /** Host names that it serves; the first is the one that is printed. */
  readonly hosts: readonly string[];
  readonly settings: ProxySettings;
  /** Whom the proxy believes about a client's address; undefined when clients come themselves. */
  readonly clientAddress: pulumi.Input<ClientAddress> | undefined;
  /** The balancer before it, which names the client's address; undefined where there is none. */
  readonly proxyProtocol: ProxyProtocol | undefined;
}

/** What a proxy serves. A change is a reload: no connection is dropped. */
export class ProxySite extends pulumi.ComponentResource {
  /** Where the service is for a person, for example `https://localhost:8443`. */
  readonly url: string;
  /** Opens when the wanted release answers through the proxy, as a client asks. */
  readonly gate: HealthGate;

  constructor(args: ProxySiteArgs, options?: pulumi.ComponentResourceOptions) {
    const { server, proxy, upstream, certificate, hosts, settings } = args;
    super("landfall:infra:ProxySite", server.logicalName("site"), {}, options);
    const [host = ""] = hosts;
    const configuration = new ProxyConfiguration(
      server.logicalName("proxy-site"),
      {
        engine: server.engine,
        container: proxy.service.containerId,
        configuration: pulumi
          .output(args.clientAddress)
          .apply((clientAddress) => renderSite(settings.server, siteOf(args, clientAddress))),
        ...(certificate.kind === "delivered"
          ? { certificate: certificate.certificate, privateKey: certificate.privateKey }
          : {}),
        ...(upstream.kind === "servers" ? { authority: args.upstreamAuthority } : {}),
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
        release: args.release,
        checks: [...args.checks],
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

function siteOf(args: ProxySiteArgs, clientAddress: ClientAddress | undefined): Site {
  const { hosts, settings, certificate, upstream, proxyProtocol } = args;
  const { rateLimit, signInRateLimit, hsts } = settings;
  return {
    hosts,
    httpsPort: settings.httpsPort,
    upstream,
    hsts: {
      maxAgeSeconds: seconds(hsts.maxAge),
      includeSubdomains: hsts.includeSubdomains,
      preload: hsts.preload,
    },
    metricsNetworks: settings.metricsNetworks,
    maxBodyBytes: bytes(settings.maxBody),
    answerSeconds: seconds(settings.answerTimeout),
    certificate: certificate.kind === "folder" ? certificate.site : { kind: "delivered" },
    proxyProtocol,
    clientAddress,
    rateLimit: { perMinute: rateLimit.perSecond * 60, burst: rateLimit.burst },
    signInRateLimit,
    maintenance: settings.maintenance,
  };
}

/** How the gate asks: as a client of this machine would, or on a server elsewhere, where only its edge may come in. */
function probeOf(args: ProxySiteArgs, host: string): pulumi.Output<Probe> {
  const { server, certificate, settings, proxyProtocol } = args;
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
  const file = certificate.kind === "folder" ? `${certificate.site.path}/${certificateFile}` : "";
  return root.apply((pem): Probe => ({
    kind: "within",
    port: proxyProtocol === undefined ? containerPorts.https : containerPorts.balancedHttps,
    host,
    path,
    trust: pem ?? file,
    proxyProtocol: proxyProtocol !== undefined,
  }));
}

/** An address to ask at: a proxy that listens on all of them is asked on loopback. */
function loopbackOf(address: string): string {
  if (address === "0.0.0.0") return "127.0.0.1";
  return address === "::" ? "::1" : address;
}
