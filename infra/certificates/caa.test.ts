import { expect, test } from "vitest";
import { permittedIssuers } from "./caa.ts";

test.each([
  ["https://acme-v02.api.letsencrypt.org/directory", ["letsencrypt.org"]],
  ["https://acme-staging-v02.api.letsencrypt.org/directory", ["letsencrypt.org"]],
  ["https://acme.internal.example.com:14000/dir", []],
])("who issues at %s is permitted by %j", (directory, names) => {
  expect(permittedIssuers({ issuer: "acme", directory })).toEqual(names);
});

test.each(["local-ca", "origin-ca"] as const)("%s asks no one, and needs no record", (issuer) => {
  expect(permittedIssuers({ issuer })).toEqual([]);
});

test("who has issued a given certificate is permitted as the operator says", () => {
  expect(permittedIssuers({ issuer: "given", authorities: ["digicert.com"] })).toEqual(["digicert.com"]);
  expect(permittedIssuers({ issuer: "given", authorities: [] })).toEqual([]);
});
