import { expect, test } from "vitest";
import { renderNginx } from "./nginx.ts";
import { publicAuthority, responseHeaders, type Site } from "./site.ts";

const site: Site = {
  hosts: ["learn.example.com", "www.learn.example.com"],
  httpsPort: 443,
  upstream: { host: "app-1", port: 8000 },
  hsts: { maxAgeSeconds: 31_536_000, includeSubdomains: true, preload: false },
  metricsNetworks: ["10.0.0.0/8"],
  maxBodyBytes: 2_097_152,
  certificate: { kind: "delivered" },
  clientAddress: undefined,
};
const folder = "/var/lib/certificates";
const renewed: Site = {
  ...site,
  certificate: { kind: "folder", path: `${folder}/current`, challenges: `${folder}/challenges` },
};
const challengeLocation = `    location ^~ /.well-known/acme-challenge/ {
      root /var/lib/certificates/challenges;
      default_type text/plain;
      try_files $uri =404;
    }
`;

test("every answer carries the security headers", () => {
  expect(responseHeaders(site)).toEqual({
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Content-Security-Policy":
      "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
  });
  for (const [name, value] of Object.entries(responseHeaders(site))) {
    expect(renderNginx(site)).toContain(`add_header ${name} "${value}" always;`);
  }
});

test("preload stands in the header only when it is asked for", () => {
  const hsts = { ...site.hsts, preload: true };
  expect(responseHeaders({ hsts })["Strict-Transport-Security"]).toBe("max-age=31536000; includeSubDomains; preload");
});

test("plain HTTP is redirected to the same host and path, with the port where it is not 443", () => {
  expect(renderNginx(site)).toContain("return 301 https://$host$request_uri;");
  expect(renderNginx({ ...site, httpsPort: 8443 })).toContain("return 301 https://$host:8443$request_uri;");
  expect(publicAuthority("localhost", 8443)).toBe("localhost:8443");
});

test("a delivered certificate lies beside the configuration, and no issuer is answered", () => {
  expect(renderNginx(site)).toContain("  ssl_certificate certificate.pem;\n  ssl_certificate_key key.pem;\n");
  expect(renderNginx(site)).not.toContain("acme-challenge");
});

test("a certificate that is renewed on the server is named in its folder", () => {
  expect(renderNginx(renewed)).toContain(
    `  ssl_certificate ${folder}/current/certificate.pem;\n  ssl_certificate_key ${folder}/current/key.pem;\n`,
  );
});

test("the issuer of a certificate is answered before anything is redirected or passed on, over HTTP and HTTPS", () => {
  const text = renderNginx(renewed);
  expect(text).toContain(`${challengeLocation}    location / { return 301 https://$host$request_uri; }`);
  expect(text).toContain(`    limit_req zone=address burst=200 nodelay;\n${challengeLocation}`);
  expect(text.split("acme-challenge")).toHaveLength(3);
});

test("where others pass requests on, the client's address is theirs to name, and nobody else's", () => {
  expect(renderNginx(site)).not.toMatch(/real_ip/);
  const clientAddress = { header: "CF-Connecting-IP", networks: ["198.51.100.32/28", "2001:db8::/32"] };
  expect(renderNginx({ ...site, clientAddress })).toContain(
    "  set_real_ip_from 198.51.100.32/28;\n  set_real_ip_from 2001:db8::/32;\n  real_ip_header CF-Connecting-IP;\n",
  );
});

test("the client's own forwarding headers are overwritten", () => {
  expect(renderNginx(site)).toContain("proxy_set_header X-Real-IP $remote_addr;");
  expect(renderNginx(site)).toContain("proxy_set_header X-Forwarded-For $remote_addr;");
  expect(renderNginx(site)).toContain("proxy_set_header X-Forwarded-Proto $scheme;");
});

test("metrics are for the named networks alone", () => {
  expect(renderNginx(site)).toMatch(/location = \/metrics \{\s+allow 10\.0\.0\.0\/8;\s+deny all;/);
});

test("only TLS 1.2 and 1.3 are spoken, for the hosts that are served", () => {
  expect(renderNginx(site)).toContain("ssl_protocols TLSv1.2 TLSv1.3;");
  expect(renderNginx(site)).toContain("server_name learn.example.com www.learn.example.com;");
});
