import type { Upstream } from "./upstream.ts";

/** What a proxy serves, whichever server does it. */
export interface Site {
  /** Host names that are served; every other one is refused. */
  readonly hosts: readonly string[];
  /** The port that clients reach over HTTPS, for redirects. */
  readonly httpsPort: number;
  readonly upstream: Upstream;
  readonly hsts: Hsts;
  /** Networks in CIDR form that may read /metrics. */
  readonly metricsNetworks: readonly string[];
  /** Largest request body in bytes. */
  readonly maxBodyBytes: number;
  /** Longest wait for the service's next bytes, in seconds; a WebSocket without traffic ends after it, too. */
  readonly answerSeconds: number;
  readonly certificate: SiteCertificate;
  /** Who tells the client's address by the PROXY protocol; undefined when nobody does. */
  readonly proxyProtocol: ProxyProtocol | undefined;
  /** Where the client's own address stands when others pass requests on; undefined when clients come themselves. */
  readonly clientAddress: ClientAddress | undefined;
  /** Requests that one address may make. */
  readonly rateLimit: RateLimit;
  /** Attempts to sign in that one address may make. */
  readonly signInRateLimit: RateLimit;
  /** Whether the service is read only for the time being: what might write is refused with 503. */
  readonly maintenance: boolean;
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

/** A balancer that names the client's address at the start of every connection to the balanced ports. */
export interface ProxyProtocol {
  /** Networks in CIDR form whose word is taken for it. */
  readonly networks: readonly string[];
}

/** Whom the proxy believes about a client's address. */
export interface ClientAddress {
  /** Header that carries it, for example `CF-Connecting-IP`. */
  readonly header: string;
  /** Networks in CIDR form from which the header is believed. */
  readonly networks: readonly string[];
}

/** What one address may ask for; more is answered with 429. */
export interface RateLimit {
  /** Requests a minute, for good. */
  readonly perMinute: number;
  /** Requests at once. */
  readonly burst: number;
}

/** Strict-Transport-Security. */
export interface Hsts {
  readonly maxAgeSeconds: number;
  readonly includeSubdomains: boolean;
  readonly preload: boolean;
}

/** Ports inside the container: it runs without the right to bind low ones. On the balanced ones the PROXY protocol is spoken. */
export const containerPorts = { http: 8080, https: 8443, balancedHttp: 9080, balancedHttps: 9443 } as const;

/** Files of a delivered certificate and its key, beside the configuration; in a folder that is named they are called the same. */
export const certificateFile = "certificate.pem";
export const keyFile = "key.pem";

/** Where a browser sends what a person signs in with. */
export const signInPath = "/sign-in";

/** Files whose names hold a hash of their content, so that they may be kept for ever. */
export const hashedFile = {
  path: String.raw`^/assets/[^/]+\.[0-9a-f]{16}\.[a-z0-9]+$`,
  cacheControl: "public, max-age=31536000, immutable",
} as const;

/** Types that are worth compressing, HTML apart. */
export const compressedTypes = [
  "text/css",
  "text/plain",
  "text/javascript",
  "application/javascript",
  "application/json",
  "application/problem+json",
  "image/svg+xml",
] as const;

/** What a refused request is answered with, and when to come back, in seconds. */
export const refusals = {
  limited: { status: 429, text: "Too many requests came from your address. Please try again later." },
  maintenance: {
    status: 503,
    retrySeconds: 60,
    text: "The service is being maintained: you can read, and nothing can be changed. Please try again in a few minutes.",
  },
  unavailable: {
    status: 503,
    retrySeconds: 5,
    text: "The service is not available at the moment. Please try again in a few seconds.",
  },
} as const;

/**
 * Ciphers for TLS 1.2, those of Mozilla's intermediate configuration with elliptic curves: https://wiki.mozilla.org/Security/Server_Side_TLS
 */
export const ciphers = [
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
].join(":");

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
