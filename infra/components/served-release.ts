import type * as pulumi from "@pulumi/pulumi";
import type { Upstream } from "../proxy/upstream.ts";
import type { ProxySettings } from "../settings/proxy.ts";
import { appPort } from "./app.ts";
import type { Apps, AppPlace } from "./apps.ts";
import { Backend } from "./backend.ts";
import type { CertificateAuthority } from "./certificate-authority.ts";

/** A release as the edges serve it. */
export interface ServedRelease {
  readonly release: string;
  readonly upstream: Upstream;
  /** Names that `/health/ready` has to show as true. */
  readonly checks: readonly string[];
  /** What must be open before it is served. */
  readonly gates: readonly pulumi.Resource[];
}

/** What leads the edges to a release. */
export interface ServedReleaseArgs {
  readonly service: Apps;
  readonly places: readonly [AppPlace, ...AppPlace[]];
  readonly authority: CertificateAuthority;
  readonly settings: ProxySettings;
}

/**
 * How the edges reach the service: the container beside them where there is one server, and otherwise the proxies on the
 * app servers, which follow the release so that the edges need not.
 */
export function serveRelease({ service, places, authority, settings }: ServedReleaseArgs): ServedRelease {
  const { release, apps } = service;
  const [app] = apps;
  const [{ server }] = places;
  if (server.privateAddress === undefined) {
    const upstream = { kind: "container", host: app.host, port: appPort } as const;
    return { release, upstream, checks: app.checks, gates: [app.gate] };
  }
  const backends = places.flatMap((place, index) => {
    const own = apps[index];
    return own === undefined ? [] : [{ place, backend: new Backend({ ...place, authority, app: own, settings }) }];
  });
  // One that drains answers what it has been asked, and is asked nothing more.
  const asked = backends.filter(({ place }) => !place.server.draining);
  return {
    release,
    upstream: { kind: "servers", servers: asked.map(({ backend: { address, port } }) => ({ address, port })) },
    checks: app.checks,
    gates: backends.map(({ backend }) => backend.gate),
  };
}
