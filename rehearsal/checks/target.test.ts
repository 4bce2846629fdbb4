import { expect, test } from "vitest";
import type { Cloud } from "../cloud/cloud.ts";
import { ownTarget } from "./target.ts";

const cloud: Cloud = {
  stack: "staging",
  folder: "/nowhere",
  prefix: "198.51.100",
  tokens: { linode: "", cloudflare: "" },
};

test.each(["198.51.100.64", "10.77.0.11"])("%s is of the rehearsal's networks", (address) => {
  expect(ownTarget(cloud, ["10.77.0.0/24"], address)).toBe(address);
});

test.each(["198.51.101.64", "10.78.0.11", "127.0.0.1", "8.8.8.8", "example.com", "2001:db8::1", ""])(
  "'%s' is refused, whatever the settings say",
  (address) => {
    expect(() => ownTarget(cloud, ["10.77.0.0/24", "8.8.8.0/24", "0.0.0.0/0"], address)).toThrow(
      "is not of the rehearsal's networks",
    );
  },
);
