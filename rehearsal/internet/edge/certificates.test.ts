import { expect, test } from "vitest";
import { createAuthority } from "../../../infra/certificates/authority.ts";
import { emptyZone } from "../store.ts";
import { coveringZone, edgeCertificates } from "./certificates.ts";

const zones = ["example.com"].map(emptyZone);

test.each([
  ["example.com", "example.com"],
  ["www.example.com", "example.com"],
  ["a.www.example.com", undefined],
  ["example.org", undefined],
])("%s is covered by the certificate of %s", (name, zone) => {
  expect(coveringZone(zones, name)).toBe(zone);
});

test("a certificate is issued once, and none for a name that is nobody's", async () => {
  const authority = await createAuthority({ commonName: "Test", validityDays: 1 });
  const certificates = edgeCertificates(authority, () => zones, ["api.cloudflare.com"]);
  expect(await certificates("www.example.com")).toBe(await certificates("example.com"));
  expect(await certificates("api.cloudflare.com")).toBeDefined();
  expect(await certificates("example.org")).toBeUndefined();
});
