import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { projectRoot } from "../../images/files.ts";
import { oneOfManyServers, oneServer } from "../testing/sites.ts";
import { proxyServers } from "../settings/proxy.ts";
import { renderBackend } from "./backend.ts";
import { renderSite } from "./render.ts";
import { refusals, responseHeaders } from "./site.ts";

describe.each(proxyServers)("%s", (server) => {
  test("a server that is the only one passes requests on to the container beside it", async () => {
    await expect(renderSite(server, oneServer)).toMatchFileSnapshot(`example.${server}.conf`);
  });

  test("an edge behind others asks the app servers, believes each hop alone, and refuses writes in maintenance", async () => {
    await expect(renderSite(server, oneOfManyServers)).toMatchFileSnapshot(`example-edge.${server}.conf`);
  });

  test("where nobody may read metrics, nobody does", () => {
    const text = renderSite(server, { ...oneServer, metricsNetworks: [] });
    expect(text).toMatch(server === "nginx" ? /\$reads_metrics \{ default 0; \}/ : /metrics\$">\s+Require all denied/);
  });

  test("a port other than that of HTTPS stands in the redirect", () => {
    expect(renderSite(server, { ...oneServer, httpsPort: 8443 })).toMatch(
      /301 https:\/\/\$host:8443|https:\/\/%1:8443%2 /,
    );
  });

  test("an IPv6 address of an app server stands in brackets", () => {
    const upstream = { kind: "servers", servers: [{ address: "2001:db8::21", port: 8443 }] } as const;
    expect(renderSite(server, { ...oneServer, upstream })).toContain("[2001:db8::21]:8443");
  });
});

test("the proxy on an app server passes everything on to one release", async () => {
  const text = renderBackend({ host: "app-1", port: 8000, answerSeconds: 60 });
  await expect(text).toMatchFileSnapshot("example-backend.nginx.conf");
});

test("every answer carries the security headers", () => {
  expect(responseHeaders(oneServer)).toEqual({
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Content-Security-Policy":
      "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
  });
});

test("preload stands in the header only when it is asked for", () => {
  const hsts = { ...oneServer.hsts, preload: true };
  expect(responseHeaders({ hsts })["Strict-Transport-Security"]).toBe("max-age=31536000; includeSubDomains; preload");
});

test.each(Object.entries(refusals))("Apache's file says of what is %s what Nginx says", (name, refusal) => {
  const file = readFileSync(join(projectRoot, `images/apache/refusals/${name}.asis`), "utf8");
  expect(file).toMatch(new RegExp(`^Status: ${String(refusal.status)} `));
  expect(file.split("\n\n")[1]).toBe(`${refusal.text}\n`);
  if ("retrySeconds" in refusal) expect(file).toContain(`\nRetry-After: ${String(refusal.retrySeconds)}\n`);
});
