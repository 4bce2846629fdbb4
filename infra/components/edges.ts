import type * as pulumi from "@pulumi/pulumi";
import { balancerNetwork } from "../firewall/rules.ts";
import { isAskedOverHttp } from "../settings/certificate.ts";
import type { Settings } from "../settings/settings.ts";
import type { Apps } from "./apps.ts";
import { CertificateFolder } from "./certificate-folder.ts";
import type { CertificateAuthority } from "./certificate-authority.ts";
import { createCertificate, type EdgeCertificate } from "./create-certificate.ts";
import { createZone } from "./create-zone.ts";
import type { Place } from "./database.ts";
import { edgeClientAddress } from "./edge-networks.ts";
import type { NodeBalancer } from "./node-balancer.ts";
import { Proxy } from "./proxy.ts";
import { ProxySite, type ProxySiteArgs } from "./proxy-site.ts";
import type { Destination } from "./zone.ts";

/** What the edges of an environment are made from. */
export interface EdgesArgs {
  /** The servers with the role `edge`. */
  readonly places: readonly [Place, ...Place[]];
  /** What they serve. */
  readonly service: Apps;
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
 * Proxies, certificate and the hosts' records. One edge after the other is changed, when the one before it serves. Where
 * the certificate's issuer asks on port 80 whether the hosts are ours, it has to find the only edge first; everybody else
 * finds the edges last, when they serve.
 */
export function createEdges(args: EdgesArgs): Edges {
  const { settings, authority, balancer } = args;
  const places = inOrder(args.places, ({ server, network }) => {
    const folder = settings.certificate.issuer === "acme" ? new CertificateFolder({ server }) : undefined;
    return { server, network, folder };
  });
  const [first, ...others] = places;
  const proxyAt = ({ server, network, folder }: EdgePlace, after: readonly pulumi.Resource[]): Proxy =>
    new Proxy({
      server,
      network,
      certificates: folder,
      balanced: balancer !== undefined,
      settings: settings.proxy,
      after,
    });
  const firstProxy = proxyAt(first, []);
  const destination = destinationOf(args.places, balancer);
  const zone = createZone(settings);
  const early =
    zone !== undefined && destination !== undefined && isAskedOverHttp(settings.certificate)
      ? zone.lead([destination], [firstProxy])
      : undefined;
  const after = [firstProxy, ...(early ?? [])];
  const certificate = createCertificate({ edges: places, authority, settings, after });
  const siteAt = ({ server }: EdgePlace, proxy: Proxy): ProxySite =>
    siteOf(args, { server, proxy, certificate: certificate.on(server) });
  const firstSite = siteAt(first, firstProxy);
  let before = firstSite;
  for (const place of others) before = siteAt(place, proxyAt(place, [before.gate]));
  if (zone !== undefined && destination !== undefined && early === undefined) {
    zone.lead([destination], [before.gate, ...(balancer?.ready ?? [])]);
  }
  return { url: firstSite.url, certificate };
}

interface EdgePlace extends Place {
  readonly folder: CertificateFolder | undefined;
}

function siteOf(
  { service, authority, balancer, edgeNetworks, settings }: EdgesArgs,
  edge: Pick<ProxySiteArgs, "server" | "proxy" | "certificate">,
): ProxySite {
  return new ProxySite(
    {
      ...edge,
      upstream: service.upstream,
      upstreamAuthority: authority.certificate,
      release: service.release,
      checks: service.checks,
      hosts: settings.hosts,
      settings: settings.proxy,
      clientAddress: edgeClientAddress(edgeNetworks),
      proxyProtocol: balancer === undefined ? undefined : { networks: [balancerNetwork] },
    },
    { dependsOn: [...service.gates] },
  );
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
