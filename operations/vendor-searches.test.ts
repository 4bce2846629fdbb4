import { expect, test } from "vitest";
import { saysNotThere, searches } from "./vendor-searches.ts";

function found(type: string, answer: Record<string, unknown>, inputs: Record<string, unknown>): string | undefined {
  const search = searches[type];
  if (search === undefined) throw new Error(`there is no search for ${type}`);
  return search.found(answer, inputs);
}

const config = "linode:index/nodeBalancerConfig:NodeBalancerConfig";
const record = "linode:index/domainRecord:DomainRecord";
const assignment = "linode:index/placementGroupAssignment:PlacementGroupAssignment";

test("a port of a NodeBalancer is known by its number", () => {
  const answer = {
    nodebalancerConfigs: [
      { id: 7, port: 80 },
      { id: 8, port: 443 },
    ],
  };
  expect(found(config, answer, { nodebalancerId: 5, port: 443 })).toBe("8");
  expect(found(config, answer, { nodebalancerId: 5 })).toBe("7");
  expect(found(config, answer, { nodebalancerId: 5, port: 8080 })).toBeUndefined();
});

test("a record is ours only when its type and target are, too", () => {
  const answer = { id: 9, type: "A", target: "198.51.100.64", name: "www" };
  expect(found(record, answer, { recordType: "A", target: "198.51.100.64" })).toBe("9");
  expect(found(record, answer, { recordType: "A", target: "198.51.100.65" })).toBeUndefined();
  expect(found(record, answer, { recordType: "CAA", target: "198.51.100.64" })).toBeUndefined();
});

test("an assignment is there when the group has the server", () => {
  const inputs = { placementGroupId: 3, linodeId: 12 };
  expect(found(assignment, { members: [{ linodeId: 12 }] }, inputs)).toBe("3:12");
  expect(found(assignment, { members: [] }, inputs)).toBeUndefined();
});

test("a bucket is known by its region and label", () => {
  const type = "linode:index/objectStorageBucket:ObjectStorageBucket";
  expect(found(type, { label: "media" }, { label: "media", region: "us-ord" })).toBe("us-ord:media");
});

test("a set of rules is known by its phase", () => {
  const answer = {
    rulesets: [
      { id: "a", phase: "p", kind: "managed" },
      { id: "b", phase: "p", kind: "zone" },
    ],
  };
  expect(found("cloudflare:index/ruleset:Ruleset", answer, { phase: "p", kind: "zone" })).toBe("b");
});

test("what is not there is told from a vendor that cannot be asked", () => {
  expect(saysNotThere(new Error("[404] Not found: 7"))).toBe(true);
  expect(saysNotThere(new Error("[401] Invalid Token"))).toBe(false);
});
