import * as pulumi from "@pulumi/pulumi";
import { balancerNetwork } from "../firewall/rules.ts";
import { isAskedOverHttp } from "../settings/certificate.ts";
import type { Settings } from "../settings/settings.ts";
import { CertificateFolder } from "./certificate-folder.ts";
import type { CertificateAuthority } from "./certificate-authority.ts";
import { createCertificate, type EdgeCertificate } from "./create-certificate.ts";
import { createZone } from "./create-zone.ts";
import type { Place } from "./database.ts";
import { edgeClientAddress } from "./edge-networks.ts";
import type { NodeBalancer } from "./node-balancer.ts";
import { Proxy } from "./proxy.ts";
import { ProxySite } from "./proxy-site.ts";
import type { ServedRelease } from "./served-release.ts";
import type { Destination } from "./zone.ts";

/** What the edges of an environment are made from. */
export interface EdgesArgs {
  /** The servers with the role `edge`. */
  readonly places: readonly [Place, ...Place[]];
  /** What they serve. */
  readonly served: ServedRelease;
  /** Signs the certificates within the environment. */
  readonly authority: CertificateAuthority;
  /** What stands in front of them; undefined where there is one. */
  readonly balancer: NodeBalancer | undefined;
  /** The networks of the content delivery network that requests come from; undefined where they come from anywhere. */
  readonly edgeNetworks: pulumi.Output<string[]> | undefined;
  readonly settings: Settings;
}

/** The edges of an environment. */
export interface Edges {
  /** Where the service is for a person. */
  readonly url: string;
  readonly certificate: EdgeCertificate;
}

/**
 * Proxies, certificate and the hosts' records. Where the certificate's issuer asks on port 80 whether the hosts are ours,
 * it has to find the edge first; everybody else finds it last, when it serves.
 */
export function createEdges(args: EdgesArgs): Edges {
  const { places, settings, served, authority, balancer, edgeNetworks } = args;
  const edges = inOrder(places, ({ server, network }) => {
    const folder = settings.certificate.issuer === "acme" ? new CertificateFolder({ server }) : undefined;
    const proxy = new Proxy({
      server,
      network,
      certificates: folder,
      balanced: balancer !== undefined,
      settings: settings.proxy,
    });
    return { server, network, folder, proxy };
  });
  const proxies = edges.map(({ proxy }) => proxy);
  const destination = destinationOf(places, balancer);
  const zone = createZone(settings);
  const early =
    zone !== undefined && destination !== undefined && isAskedOverHttp(settings.certificate)
      ? zone.lead([destination], proxies)
      : undefined;
  const certificate = createCertificate({ edges, authority, settings, after: [...proxies, ...(early ?? [])] });
  const sites = inOrder(
    edges,
    ({ server, proxy }) =>
      new ProxySite(
        {
          server,
          proxy,
          upstream: served.upstream,
          upstreamAuthority: authority.certificate,
          release: served.release,
          checks: served.checks,
          certificate: certificate.on(server),
          hosts: settings.hosts,
          settings: settings.proxy,
          clientAddress: edgeClientAddress(edgeNetworks),
          proxyProtocol: balancer === undefined ? undefined : { networks: [balancerNetwork] },
        },
        { dependsOn: [...served.gates] },
      ),
  );
  if (zone !== undefined && destination !== undefined && early === undefined) {
    zone.lead([destination], [...sites.map(({ gate }) => gate), ...(balancer?.nodes ?? [])]);
  }
  return { url: sites[0].url, certificate };
}

/** Where clients are led to. */
function destinationOf([{ server }]: EdgesArgs["places"], balancer: NodeBalancer | undefined): Destination | undefined {
  if (balancer !== undefined) return { name: "balancer", ipv4: balancer.publicAddress };
  return server.publicAddress === undefined ? undefined : { name: "edge", ipv4: server.publicAddress };
}

/** A list with at least one, made into another. */
function inOrder<T, U>([first, ...others]: readonly [T, ...T[]], make: (one: T) => U): [U, ...U[]] {
  return [make(first), ...others.map(make)];
}
