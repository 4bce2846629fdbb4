/** What a proxy serves, whichever server does it. */
export interface Site {
  /** Host names that are served; every other one is refused. */
  readonly hosts: readonly string[];
  /** The port that clients reach over HTTPS, for redirects. */
  readonly httpsPort: number;
  /** Where requests go: name and port on the network behind the proxy. */
  readonly upstream: { readonly host: string; readonly port: number };
  readonly hsts: Hsts;
  /** Networks in CIDR form that may read /metrics. */
  readonly metricsNetworks: readonly string[];
  /** Largest request body in bytes. */
  readonly maxBodyBytes: number;
  readonly certificate: SiteCertificate;
  /** Where the client's own address stands when others pass requests on; undefined when clients come themselves. */
  readonly clientAddress: ClientAddress | undefined;
}

/** Where a proxy finds its certificate. */
export type SiteCertificate =
  /** Beside the configuration, delivered together with it. */
  | { readonly kind: "delivered" }
  /** In a folder of its own, as `certificate.pem` and `key.pem`; it is renewed there without a delivery. */
  | {
      readonly kind: "folder";
      /** Path of the folder in the proxy's container. */
      readonly path: string;
      /** Folder below which `.well-known/acme-challenge/` is answered from (RFC 8555, 8.3); undefined answers nothing. */
      readonly challenges: string | undefined;
    };

/** Whom the proxy believes about a client's address. */
export interface ClientAddress {
  /** Header that carries it, for example `CF-Connecting-IP`. */
  readonly header: string;
  /** Networks in CIDR form from which the header is believed. */
  readonly networks: readonly string[];
}

/** Strict-Transport-Security. */
export interface Hsts {
  readonly maxAgeSeconds: number;
  readonly includeSubdomains: boolean;
  readonly preload: boolean;
}

/**
 * The headers that every answer carries, set at the proxy alone.
 * Content-Security-Policy admits the site's own resources only; nothing inline.
 */
export function responseHeaders({ hsts }: Pick<Site, "hsts">): Readonly<Record<string, string>> {
  return {
    "Strict-Transport-Security": [
      `max-age=${String(hsts.maxAgeSeconds)}`,
      ...(hsts.includeSubdomains ? ["includeSubDomains"] : []),
      ...(hsts.preload ? ["preload"] : []),
    ].join("; "),
    "Content-Security-Policy":
      "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
  };
}

/** The authority part of a site's own URLs: the port is left out where HTTPS implies it. */
export function publicAuthority(host: string, httpsPort: number): string {
  return httpsPort === 443 ? host : `${host}:${String(httpsPort)}`;
}
