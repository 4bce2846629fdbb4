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

test("a host is answered in the zone of Linode's that it lies in", () => {
  const hosts = { "*.us-ord-1.linodeobjects.com": "198.51.100.7" };
  const zones = renderLinodeZones({ ...emptyNames, revision: 3, hosts }, "198.51.100.4");
  expect(zones["linodeobjects.com"]).toContain("\n*.us-ord-1.linodeobjects.com. 60 IN A 198.51.100.7\n");
  expect(zones["linode.com"]).not.toContain("linodeobjects");
  expect(zones["linode.com"]).toContain("\nns5.linode.com. 60 IN A 198.51.100.4\n");
  expect(zones["linode.com"]).toContain(" 2021000003 ");
});

test("a name is known by its labels, not by its letters", () => {
  expect(linodeZone("nb-1.us-ord.nodebalancer.linode.com")).toBe("linode.com");
  expect(linodeZone("notlinode.com")).toBeUndefined();
});

test("a domain that is switched off is not answered", () => {
  const domains = [domain, { ...domain, name: "example.org", disabled: true }];
  expect(servedZones({ ...emptyNames, domains })).toContain("example.com");
  expect(servedZones({ ...emptyNames, domains })).not.toContain("example.org");
  expect(Object.keys(renderLinodeZones({ ...emptyNames, domains }, "198.51.100.4"))).not.toContain("example.org");
});
