import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cloudVendors } from "./cloud-vendors.ts";
import { root } from "./paths.ts";

test.each([
  ["local", []],
  ["staging", ["linode", "cloudflare"]],
])("%s calls for the providers of %j", (stack, vendors) => {
  expect(cloudVendors(readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8"))).toEqual(vendors);
});

test("a setting in one line or with quotes is recognised, and a mere mention is not", () => {
  expect(cloudVendors('servers: [{ name: a, platform: "linode", type: g6 }]')).toEqual(["linode"]);
  expect(cloudVendors("# platforms: engine-at-hand or linode")).toEqual([]);
});
