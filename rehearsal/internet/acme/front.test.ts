import { expect, test } from "vitest";
import { orderedDomains, trustedChain } from "./front.ts";
import { pebbleConfiguration } from "./pebble.ts";

const pem = (text: string): string => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;

test("a chain keeps its leaf and gets the authority that is trusted", () => {
  expect(trustedChain(pem("leaf") + pem("pebble"), pem("crossed"))).toBe(pem("leaf") + pem("crossed"));
});

test("an order's domains are read out of its signed body", () => {
  const order = { identifiers: [{ type: "dns", value: "a.example.com" }] };
  const payload = Buffer.from(JSON.stringify(order)).toString("base64url");
  expect(orderedDomains(Buffer.from(JSON.stringify({ protected: "", payload, signature: "" })))).toEqual([
    "a.example.com",
  ]);
  expect(orderedDomains(Buffer.from("nonsense"))).toEqual([]);
});

test("certificates hold as long as is said, and validation goes to the ports of the web", () => {
  const options = { certificate: "/c", privateKey: "/k", certificateSeconds: 7_776_000 };
  const { pebble } = JSON.parse(pebbleConfiguration(options)) as {
    pebble: Record<string, unknown>;
  };
  expect(pebble).toMatchObject({ certificateValidityPeriod: 7_776_000, httpPort: 80, tlsPort: 443 });
});
