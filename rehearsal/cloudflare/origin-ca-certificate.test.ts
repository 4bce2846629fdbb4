import { beforeAll, expect, test } from "vitest";
import { csrOf } from "../internet/testing.ts";
import { checkProperties } from "../plugin/validate.ts";
import { UNKNOWN } from "../plugin/values.ts";
import { originCaCertificate } from "./origin-ca-certificate.ts";

let csr: string;

beforeAll(async () => {
  csr = await csrOf("ecdsa");
});

const inputs = (parts: object = {}): Record<string, unknown> => ({
  ...{ csr, hostnames: ["example.com", "*.example.com"], requestType: "origin-ecc", requestedValidity: 90 },
  ...parts,
});

test.each([
  ["a request", {}],
  ["a request that is not known yet", { csr: UNKNOWN }],
  ["hostnames that are not known yet", { hostnames: UNKNOWN }],
  ["one hostname that is not known yet", { hostnames: ["example.com", UNKNOWN] }],
  ["a type that is not known yet", { requestType: UNKNOWN }],
  ["the usual validity", { requestedValidity: undefined }],
])("%s passes", (_, parts) => {
  const given = inputs(parts);
  expect([...checkProperties(originCaCertificate.inputs, given), ...originCaCertificate.check(given)]).toEqual([]);
});

test.each([
  ["another kind of key", { requestType: "origin-rsa" }, "csr"],
  ["another type", { requestType: "origin" }, "requestType"],
  ["another validity", { requestedValidity: 60 }, "requestedValidity"],
  ["a wildcard within", { hostnames: ["a.*.example.com"] }, "hostnames"],
])("%s is refused at the property", (_, parts, property) => {
  expect(originCaCertificate.check(inputs(parts)).map((fault) => fault.property)).toEqual([property]);
});

test("properties that old versions had are refused by name", () => {
  const faults = checkProperties(originCaCertificate.inputs, inputs({ minDaysForRenewal: 30 }));
  expect(faults.map(({ property }) => property)).toEqual(["minDaysForRenewal"]);
});

test("whatever is asked for anew makes another certificate", () => {
  expect(Object.values(originCaCertificate.inputs).every(({ replaces }) => replaces === true)).toBe(true);
});
