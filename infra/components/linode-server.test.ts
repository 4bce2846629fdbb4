import { expect, test } from "vitest";
import { recordPlan } from "../policy/testing/recorded-plan.ts";

const secrets = { cloudflare: { dnsToken: "a token" } };
const tokens = { "linode:token": "a token", "cloudflare:apiToken": "a token" };

const { resources } = await recordPlan("production", { "landfall:secrets": secrets, ...tokens });

test("a server is asked for a private address when it is balanced, and never to give one back", () => {
  const servers = resources.filter(({ type }) => type === "linode:index/instance:Instance");
  const asked = servers.map(({ name, inputs, options }) => ({
    name,
    wantsOne: inputs.at("privateIp").isGiven,
    leavesItAsItIs: options.ignoreChanges.includes("privateIp"),
  }));
  expect(asked.filter(({ wantsOne }) => wantsOne).map(({ name }) => name)).toEqual(["edge-1-g1", "edge-2-g1"]);
  expect(asked.filter(({ wantsOne, leavesItAsItIs }) => wantsOne === leavesItAsItIs)).toEqual([]);
});
