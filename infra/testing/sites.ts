import type { Site } from "../proxy/site.ts";

/** One server that has every role, with a certificate that updates deliver. */
export const oneServer: Site = {
  hosts: ["learn.example.com", "www.learn.example.com"],
  httpsPort: 443,
  upstream: { kind: "container", host: "app-1", port: 8000 },
  hsts: { maxAgeSeconds: 31_536_000, includeSubdomains: true, preload: false },
  metricsNetworks: ["10.0.0.0/8"],
  maxBodyBytes: 2_097_152,
  answerSeconds: 60,
  certificate: { kind: "delivered" },
  proxyProtocol: undefined,
  clientAddress: undefined,
  rateLimit: { perMinute: 6000, burst: 200 },
  signInRateLimit: { perMinute: 30, burst: 20 },
  maintenance: false,
};

/** An edge behind a balancer and a content delivery network, with app servers behind it. */
export const oneOfManyServers: Site = {
  ...oneServer,
  upstream: {
    kind: "servers",
    servers: [
      { address: "10.77.0.21", port: 8443 },
      { address: "10.77.0.22", port: 8443 },
    ],
  },
  certificate: {
    kind: "folder",
    path: "/var/lib/certificates/current",
    challenges: "/var/lib/certificates/challenges",
  },
  proxyProtocol: { networks: ["192.168.255.0/24"] },
  clientAddress: { header: "CF-Connecting-IP", networks: ["198.51.100.32/28", "2001:db8::/32"] },
  maintenance: true,
};
