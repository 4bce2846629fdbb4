/** Where a proxy passes requests on to. */
export type Upstream =
  /** A container on the network behind the proxy. Its name is resolved again every few seconds. */
  | { readonly kind: "container"; readonly host: string; readonly port: number }
  /**
   * Several servers over TLS, with the root of their certificates beside the configuration. The one with the fewest
   * requests is asked. One that does not answer is left out for `retrySeconds`, and the request is tried on another where
   * that cannot repeat a write.
   */
  | { readonly kind: "servers"; readonly servers: readonly UpstreamServer[] };

/** A server that a proxy passes requests on to. */
export interface UpstreamServer {
  /** IP address. */
  readonly address: string;
  readonly port: number;
}

/** Name in the certificate of every such server; its common name is the server's own address. */
export const upstreamName = "app.landfall.internal";

/** File beside the configuration with the root of their certificates, PEM. */
export const upstreamAuthorityFile = "authority.pem";

/**
 * Seconds. No connection to a server is kept: one to a machine that is gone would take a request with it and hold it
 * until the answer's time is over, where a new one fails at once and another server is asked.
 */
export const upstreamTimes = { connect: 1, containerConnect: 5, retry: 5, check: 2 } as const;
