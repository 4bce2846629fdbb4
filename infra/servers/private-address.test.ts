import { expect, test } from "vitest";
import { addressOfGeneration, bothAddresses, isFirstAddress } from "./private-address.ts";

test("generations of a server take turns with its two addresses", () => {
  expect([1, 2, 3].map((generation) => addressOfGeneration("10.77.0.21", generation))).toEqual([
    "10.77.0.21",
    "10.77.0.149",
    "10.77.0.21",
  ]);
  expect(bothAddresses("10.77.3.2")).toEqual(["10.77.3.2", "10.77.3.130"]);
});

test("an address whose second would be one that the vendor keeps is no first address", () => {
  const addresses = ["10.77.0.1", "10.77.0.2", "10.77.0.125", "10.77.0.126", "10.77.0.200", "10.77.0"];
  expect(addresses.filter(isFirstAddress)).toEqual(["10.77.0.2", "10.77.0.125"]);
});
