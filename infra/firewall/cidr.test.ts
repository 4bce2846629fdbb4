import { expect, test } from "vitest";
import { parseNetwork, withoutOverlaps } from "./cidr.ts";

test("a network of either family is read as the range of its addresses", () => {
  expect(parseNetwork("198.51.100.32/28")).toEqual({
    family: 4,
    first: 0xc6336420n,
    last: 0xc633642fn,
    text: "198.51.100.32/28",
  });
  expect(parseNetwork("2001:DB8::/32")).toMatchObject({
    family: 6,
    first: 0x20010db8n << 96n,
    last: (0x20010db9n << 96n) - 1n,
    text: "2001:db8::/32",
  });
  expect(parseNetwork("::/0")).toMatchObject({ first: 0n, last: (1n << 128n) - 1n });
  expect(parseNetwork("2001:db8::1:2/128").first).toBe((0x20010db8n << 96n) + 0x10002n);
});

test.each(["198.51.100.0", "198.51.100.0/33", "198.51.100/24", "everywhere", "::ffff:198.51.100.0/120", "::/0/0", ""])(
  "'%s' is refused as a network",
  (text) => {
    expect(() => parseNetwork(text)).toThrow(`"${text}" is no network`);
  },
);

test("an address within a network is refused with both ways to write it", () => {
  expect(() => parseNetwork("198.51.100.7/24")).toThrow(
    '"198.51.100.7/24" is an address within a network; write "198.51.100.7/32" for that address alone, ' +
      "or the network's first address with /24.",
  );
});

test("networks that another one holds are left out, and the rest is sorted", () => {
  const networks = ["198.51.100.9/32", "2001:db8:1::/48", "198.51.100.0/28", "192.0.2.0/24", "2001:db8::/32"];
  expect(withoutOverlaps([...networks, "192.0.2.0/24"]).map(({ text }) => text)).toEqual([
    "192.0.2.0/24",
    "198.51.100.0/28",
    "2001:db8::/32",
  ]);
});
