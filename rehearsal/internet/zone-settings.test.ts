import { expect, test } from "vitest";
import { checkSetting, initialValue } from "./zone-settings.ts";

test.each([
  ["ssl", "strict"],
  ["min_tls_version", "1.2"],
  ["always_use_https", "on"],
  ["browser_cache_ttl", 14_400],
  ["challenge_ttl", 300],
  ["security_header", { strict_transport_security: { enabled: true, max_age: 86_400 } }],
])("%s may be %j", (id, value) => {
  expect(checkSetting(id, value)).toEqual([]);
});

test.each<[string, unknown, number, string]>([
  ["ssl", "Strict", 1007, "value"],
  ["min_tls_version", 1.2, 1007, "value"],
  ["always_use_https", true, 1007, "value"],
  ["challenge_ttl", 301, 1007, "value"],
  ["security_header", { strictTransportSecurity: { enabled: true } }, 1007, "value"],
  ["polish", "lossless", 1015, "settingId"],
  ["no_such_setting", "on", 1003, "settingId"],
])("%s may not be %j", (...[id, value, code, property]) => {
  expect(checkSetting(id, value)).toMatchObject([{ code, property }]);
});

test("an id as the SDK's table writes it is refused with the id that is meant", () => {
  expect(checkSetting("minTlsVersion", "1.2")[0]?.message).toContain("min_tls_version");
});

test("a zone starts with Cloudflare's defaults", () => {
  const initial = ["ssl", "min_tls_version", "always_use_https", "websockets"].map((id) => initialValue(id)?.value);
  expect(initial).toEqual(["full", "1.0", "off", "on"]);
  expect(initialValue("no_such_setting")).toBeUndefined();
});
