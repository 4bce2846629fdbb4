import { expect, test } from "vitest";
import { addressBlock } from "./attempt-limit.ts";

test.each([
  ["192.0.2.7", "192.0.2.7"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["2001:db8:0:1::7", "2001:db8:0:1"],
  ["2001:DB8:0000:0001:aaaa:bbbb:cccc:dddd", "2001:db8:0:1"],
  ["::1", "0:0:0:0"],
  ["fe80::1%eth0", "fe80:0:0:0"],
])("%s counts as %s", (address, block) => {
  expect(addressBlock(address)).toBe(block);
});
