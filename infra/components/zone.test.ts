import { expect, test } from "vitest";
import { addressRecords } from "./zone.ts";

const one = { name: "edge-1", ipv4: "198.51.100.64" };
const two = { name: "edge-2", ipv4: "198.51.100.65" };

test("the record of a host's only place is named after the host, and takes up what was named after the place", () => {
  expect(addressRecords(["a.example.com", "b.example.com"], [one])).toEqual([
    {
      host: "a.example.com",
      type: "A",
      address: "198.51.100.64",
      name: "host-a.example.com",
      aliases: ["host-a.example.com-edge-1"],
    },
    expect.objectContaining({ host: "b.example.com", name: "host-b.example.com" }),
  ]);
});

test("several places have a record each, and the first takes up that of the only one before", () => {
  expect(addressRecords(["a.example.com"], [one, two])).toMatchObject([
    { address: "198.51.100.64", name: "host-a.example.com-edge-1", aliases: ["host-a.example.com"] },
    { address: "198.51.100.65", name: "host-a.example.com-edge-2", aliases: [] },
  ]);
});

test("a place that takes connections over IPv6 has a record for it too", () => {
  expect(addressRecords(["a.example.com"], [{ ...one, ipv6: "2001:db8::64" }])).toMatchObject([
    { type: "A", name: "host-a.example.com" },
    { type: "AAAA", address: "2001:db8::64", name: "host-a.example.com-ipv6" },
  ]);
});
