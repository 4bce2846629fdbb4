import { expect, test } from "vitest";
import { errorPage } from "./error-page.ts";
import { errorNumber } from "./origin.ts";

test.each<[string, string, boolean, boolean, number]>([
  ["a refused connection", "ECONNREFUSED", false, false, 521],
  ["a connection that is never made", "ETIMEDOUT", false, false, 522],
  ["no way to the origin", "EHOSTUNREACH", false, false, 523],
  ["an origin that is silent", "EDGE_SILENT", true, true, 524],
  ["a handshake that fails", "EPROTO", true, false, 525],
  ["a connection that ends within the handshake", "ECONNRESET", true, false, 525],
  ["a certificate that has expired", "CERT_HAS_EXPIRED", true, false, 526],
  ["a self-signed certificate", "DEPTH_ZERO_SELF_SIGNED_CERT", true, false, 526],
  ["a certificate for another host", "ERR_TLS_CERT_ALTNAME_INVALID", true, true, 526],
  ["an answer that breaks off", "ECONNRESET", true, true, 520],
  ["a name that leads nowhere", "ENOTFOUND", false, false, 1016],
])("%s has Cloudflare's number", (...[, code, connected, handshaken, number]) => {
  expect(errorNumber({ code, connected, handshaken })).toBe(number);
});

test("a page names the error's number, and takes nothing from the visitor as it is", () => {
  const { status, html } = errorPage(526, { host: "<b>", ray: "0-FRA" });
  expect(status).toBe(526);
  expect(html).toContain("Error code 526");
  expect(html).toContain("Invalid SSL certificate");
  expect(html).not.toContain("<b>");
  expect(errorPage(1016, { host: "a", ray: "0" }).status).toBe(530);
});
