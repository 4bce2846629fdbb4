import type { CaaRecord } from "node:dns";
import { expect, test } from "vitest";
import { caaRefusal } from "./caa.ts";

type Zone = Readonly<Record<string, readonly Partial<CaaRecord>[]>>;

function refusal(domain: string, zone: Zone): Promise<string | undefined> {
  return caaRefusal(domain, (name) => {
    const found = zone[name] ?? [];
    return Promise.resolve(found.map((record) => ({ critical: 0, ...record })));
  });
}

test.each<[string, string, Zone]>([
  ["without any record", "www.example.com", {}],
  ["that the name's own record names it for", "www.example.com", { "www.example.com": [{ issue: "letsencrypt.org" }] }],
  ["with parameters", "example.com", { "example.com": [{ issue: "letsencrypt.org; validationmethods=dns-01" }] }],
  ["where only reports are asked for", "example.com", { "example.com": [{ iodef: "mailto:a@example.com" }] }],
  [
    "where the closer record allows it",
    "www.example.com",
    { "www.example.com": [{ issue: "letsencrypt.org" }], "example.com": [{ issue: "other.example" }] },
  ],
  [
    "for a wildcard by its own tag",
    "*.example.com",
    { "example.com": [{ issue: ";" }, { issuewild: "letsencrypt.org" }] },
  ],
])("it may issue %s", async (_, domain, zone) => {
  expect(await refusal(domain, zone)).toBeUndefined();
});

test.each<[string, string, Zone]>([
  ["another authority is named", "www.example.com", { "example.com": [{ issue: "other.example" }] }],
  ["nobody is", "example.com", { "example.com": [{ issue: ";" }] }],
  [
    "wildcards are for another",
    "*.example.com",
    { "example.com": [{ issue: "letsencrypt.org" }, { issuewild: "o.example" }] },
  ],
])("it may not where %s", async (_, domain, zone) => {
  expect(await refusal(domain, zone)).toBe("CAA record for example.com prevents issuance");
});
