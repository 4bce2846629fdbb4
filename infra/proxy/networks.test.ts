import { expect, test } from "vitest";
import { parseNetwork } from "../firewall/cidr.ts";
import { networksBeside } from "./networks.ts";

test("the networks beside one are all others, the largest that fit", () => {
  expect(networksBeside(["128.0.0.0/2"])).toEqual(["0.0.0.0/1", "192.0.0.0/2", "::/1", "8000::/1"]);
  expect(networksBeside([])).toEqual(["0.0.0.0/1", "128.0.0.0/1", "::/1", "8000::/1"]);
  expect(networksBeside(["0.0.0.0/0", "::/0"])).toEqual([]);
});

test("together with the given ones they make up every address once", () => {
  const given = ["192.168.255.0/24", "127.0.0.0/8", "2001:db8::/32"];
  const all = [...given, ...networksBeside(given)].map(parseNetwork);
  for (const [family, width] of [
    [4, 32n],
    [6, 128n],
  ] as const) {
    const sorted = all.filter((network) => network.family === family).sort((a, b) => (a.first < b.first ? -1 : 1));
    expect(sorted[0]?.first).toBe(0n);
    expect(sorted.at(-1)?.last).toBe((1n << width) - 1n);
    for (const [index, { first }] of sorted.entries()) {
      if (index > 0) expect(first).toBe((sorted[index - 1]?.last ?? 0n) + 1n);
    }
  }
});
