import { expect, test } from "vitest";
import { operatorAddress } from "./network.ts";
import { networksOverlap } from "./subnet.ts";

const cloud = { stack: "staging", folder: "/x", prefix: "198.51.100", tokens: { linode: "", cloudflare: "" } };

test("a gateway that is let in as an operator needs no other address", () => {
  expect(operatorAddress(cloud, ["203.0.113.0/24", "198.51.100.0/28"])).toBeUndefined();
  expect(operatorAddress(cloud, [])).toBeUndefined();
  expect(operatorAddress(cloud, ["2001:db8::/32"])).toBeUndefined();
});

test("otherwise this machine takes the first address of the first network", () => {
  expect(operatorAddress(cloud, ["2001:db8::/32", "10.9.8.0/28", "10.7.0.0/16"])).toBe("10.9.8.1");
  expect(operatorAddress(cloud, ["10.9.8.7/32"])).toBe("10.9.8.7");
});

test("networks overlap when they share an address", () => {
  expect(networksOverlap("10.0.0.0/8", "10.77.0.0/24")).toBe(true);
  expect(networksOverlap("10.77.0.0/25", "10.77.0.128/25")).toBe(false);
});
