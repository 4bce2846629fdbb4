import { expect, test } from "vitest";
import { emptyAccount, type Account } from "./account.ts";
import { checkSubnetRange, claimAddress } from "./subnet-address.ts";

const subnet = { id: 5, label: "servers", vpcId: 4, ipv4: "10.77.0.0/29", created: "" };

function account(...addresses: string[]): Account {
  const instances = addresses.map((address, at) => ({
    id: at,
    label: `web-${String(at)}`,
    region: "us-ord",
    type: "g6-nanode-1",
    image: "linode/debian13",
    booted: true,
    address: "198.51.100.64",
    vpc: { subnetId: 5, address },
    hostUuid: "x",
  }));
  return { ...emptyAccount, instances, subnets: [subnet] };
}

test("an address that is wanted is given, if it is free", () => {
  expect(claimAddress(account("10.77.0.2"), subnet, "10.77.0.3")).toBe("10.77.0.3");
  expect(() => claimAddress(account("10.77.0.2"), subnet, "10.77.0.2")).toThrow("already in use");
});

test("the first two and the last two addresses are the vendor's", () => {
  for (const address of ["10.77.0.0", "10.77.0.1", "10.77.0.6", "10.77.0.7"]) {
    expect(() => claimAddress(account(), subnet, address)).toThrow("reserved");
  }
});

test("an address outside of the subnet is refused", () => {
  expect(() => claimAddress(account(), subnet, "10.77.0.8")).toThrow("within the range");
});

test("without a wish the first free address is given, until there is none", () => {
  expect(claimAddress(account("10.77.0.2", "10.77.0.4"), subnet)).toBe("10.77.0.3");
  expect(() => claimAddress(account("10.77.0.2", "10.77.0.3", "10.77.0.4", "10.77.0.5"), subnet)).toThrow("no free");
});

test.each(["198.51.100.0/24", "10.77.0.1/24", "10.77.0.0/30", "192.168.200.0/24", "10.77.0.0", "ten"])(
  "the range %s is refused",
  (ipv4) => {
    expect(checkSubnetRange(ipv4)).toHaveLength(1);
  },
);

test("ranges of private networks pass", () => {
  expect(["10.77.0.0/24", "172.16.4.0/22", "192.168.0.0/17"].flatMap(checkSubnetRange)).toEqual([]);
});
