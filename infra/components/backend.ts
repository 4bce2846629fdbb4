import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { peerPorts } from "../firewall/peers.ts";
import { HealthGate } from "../providers/health-gate.ts";
import { LocalCertificate } from "../providers/local-certificate.ts";
import { ProxyConfiguration } from "../providers/proxy-configuration.ts";
import { renderBackend } from "../proxy/backend.ts";
import { containerPorts } from "../proxy/site.ts";
import { upstreamName } from "../proxy/upstream.ts";
import type { ProxySettings } from "../settings/proxy.ts";
import { seconds } from "../settings/units.ts";
import { appPort, type App } from "./app.ts";
import type { CertificateAuthority } from "./certificate-authority.ts";
import type { Network } from "./network.ts";
import { proxyStopSeconds, proxyUser } from "./proxy.ts";
import type { Server } from "./server.ts";
import { Service } from "./service.ts";

/** Arguments of a Backend. */
export interface BackendArgs {
  readonly server: Server;
  readonly network: Network;
  /** Signs its certificate; the edges trust its root. */
  readonly authority: CertificateAuthority;
  /** The release that it passes requests on to. */
  readonly app: Pick<App, "host" | "release" | "checks"> & { readonly gate: pulumi.Resource };
  readonly settings: ProxySettings;
  /** What must be open before it is made, or made anew. */
  readonly after: readonly pulumi.Resource[];
}

/**
 * The proxy on an app server that edges on other servers pass requests on to, over TLS on the servers' private network. It
 * passes everything on to one release; another release is a reload, in which no connection is dropped.
 */
export class Backend extends pulumi.ComponentResource {
  /** Address where the edges ask. */
  readonly address: string;
  /** Port where the edges ask. */
  readonly port = peerPorts.backend;
  /** Opens when the wanted release answers through it, as an edge asks. */
  readonly gate: HealthGate;

  constructor(args: BackendArgs, options?: pulumi.ComponentResourceOptions) {
    const { server, network, authority, app, settings } = args;
    super("landfall:infra:Backend", server.logicalName("app-proxy"), {}, options);
    if (server.privateAddress === undefined || network.peers === undefined) {
      throw new Error(`${server.logicalName("app-proxy")} has no edge on another server: its server is the only one.`);
    }
    this.address = server.privateAddress;
    const service = this.createService(args, network.peers);
    const certificate = new LocalCertificate(
      server.logicalName("backend-certificate"),
      {
        authorityCertificate: authority.certificate,
        authorityPrivateKey: authority.privateKey,
        // Apache looks for the address that it asks in the common name, Nginx for one name of all.
        commonName: this.address,
        dnsNames: [upstreamName],
        ipAddresses: [this.address],
        validityDays: 397,
        renewalDays: 60,
      },
      { parent: this },
    );
    const configuration = new ProxyConfiguration(
      server.logicalName("backend-site"),
      {
        engine: server.engine,
        container: service.containerId,
        configuration: renderBackend({
          host: app.host,
          port: appPort,
          answerSeconds: seconds(settings.answerTimeout),
        }),
        certificate: certificate.certificate,
        privateKey: pulumi.secret(certificate.privateKey),
      },
      // What is not ready yet gets no requests.
      { parent: this, dependsOn: [app.gate] },
    );
    this.gate = new HealthGate(
      server.logicalName("backend-healthy"),
      {
        engine: server.engine,
        container: service.containerId,
        image: service.imageId,
        probe: authority.certificate.apply((trust) => ({
          kind: "within" as const,
          port: containerPorts.https,
          host: upstreamName,
          path: "/health/ready",
          trust,
          proxyProtocol: false,
        })),
        release: app.release,
        checks: [...app.checks],
        passes: 3,
        intervalSeconds: 1,
        deadlineSeconds: 60,
        triggers: pulumi.output({ configuration: configuration.release }),
      },
      { parent: this },
    );
    this.registerOutputs({ address: this.address, port: this.port });
  }

  private createService({ server, network, settings, after }: BackendArgs, peers: docker.Network): Service {
    const volume = new docker.Volume(
      server.logicalName("backend-configuration"),
      {
        name: server.dockerName("backend-configuration"),
        labels: [{ label: "landfall.stack", value: pulumi.getStack() }],
      },
      server.own(this),
    );
    return new Service(
      {
        server,
        noun: "backend",
        image: "nginx",
        user: proxyUser,
        networks: [
          { network: peers, aliases: [] },
          { network: network.service, aliases: [] },
        ],
        files: {},
        volumes: { "/var/lib/proxy": volume },
        temporary: ["/run/proxy"],
        ports: [{ internal: containerPorts.https, external: peerPorts.backend, ip: this.address }],
        limits: settings.limits,
        stopSeconds: proxyStopSeconds,
      },
      { parent: this, dependsOn: [...after] },
    );
  }
}
