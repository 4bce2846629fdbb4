import { expect, test } from "vitest";
import { permittedIssuers } from "./caa.ts";

test.each([
  ["https://acme-v02.api.letsencrypt.org/directory", ["letsencrypt.org"]],
  ["https://acme-staging-v02.api.letsencrypt.org/directory", ["letsencrypt.org"]],
  ["https://acme.internal.example.com:14000/dir", []],
])("who issues at %s is permitted by %j", (directory, names) => {
  expect(permittedIssuers({ issuer: "acme", directory })).toEqual(names);
});

test("an authority of the environment's own needs no record", () => {
  expect(permittedIssuers({ issuer: "local-ca" })).toEqual([]);
});
