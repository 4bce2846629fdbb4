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
