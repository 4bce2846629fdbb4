import { expect, test } from "vitest";
import { emptyNames, linodeZone, renderLinodeZones, servedZones } from "./linode.ts";

const domain = {
  name: "example.com",
  soaEmail: "a@b.c",
  ttlSec: 0,
  refreshSec: 0,
  retrySec: 0,
  expireSec: 0,
  records: [],
};
const own = { revision: 0, records: [] };
const address = "198.51.100.4";

test("a host is answered in the zone of Linode's that it lies in", () => {
  const hosts = { "*.us-ord-1.linodeobjects.com": "198.51.100.7" };
  const zones = renderLinodeZones({ names: { ...emptyNames, revision: 3, hosts }, own, address });
  expect(zones["linodeobjects.com"]).toContain("\n*.us-ord-1.linodeobjects.com. 60 IN A 198.51.100.7\n");
  expect(zones["linode.com"]).not.toContain("linodeobjects");
  expect(zones["linode.com"]).toContain("\nns5.linode.com. 60 IN A 198.51.100.4\n");
  expect(zones["linode.com"]).toContain(" 2021030000 ");
});

test("a name is known by its labels, not by its letters", () => {
  expect(linodeZone("nb-1.us-ord.nodebalancer.linode.com")).toBe("linode.com");
  expect(linodeZone("notlinode.com")).toBeUndefined();
});

test("a domain that is switched off is not answered", () => {
  const domains = [domain, { ...domain, name: "example.org", disabled: true }];
  expect(servedZones({ ...emptyNames, domains })).toContain("example.com");
  expect(servedZones({ ...emptyNames, domains })).not.toContain("example.org");
  const zones = renderLinodeZones({ names: { ...emptyNames, domains }, own, address });
  expect(Object.keys(zones)).not.toContain("example.org");
});

test("what a program puts into a domain is answered beside what the stack has, under a new serial", () => {
  const record = {
    id: 1,
    domain: "example.com",
    name: "_acme-challenge",
    type: "TXT",
    target: "x",
    ttlSec: 30,
  } as const;
  const other = { ...record, domain: "example.org", target: "y" };
  const names = { ...emptyNames, domains: [domain] };
  const zones = renderLinodeZones({ names, own: { revision: 2, records: [record, other] }, address });
  expect(zones["example.com"]).toContain('\n_acme-challenge.example.com. 30 IN TXT "x"\n');
  expect(zones["example.com"]).not.toContain('"y"');
  expect(zones["example.com"]).toContain(" 2021000002 ");
});
