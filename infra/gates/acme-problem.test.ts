import { expect, test } from "vitest";
import { nextStep, readProblems, type AcmeProblem } from "./acme-problem.ts";

const request = { challenge: "http-01", directory: "https://acme.example.com/dir" } as const;

test("a refused challenge is told with its host, type and detail", () => {
  const output = `[INFO] [learn.example.com] acme: Trying to solve HTTP-01
Could not obtain certificates:
	error: one or more domains had a problem:
[learn.example.com] acme: error: 403 :: urn:ietf:params:acme:error:unauthorized :: 192.0.2.1: Invalid response :: 404
[www.example.com] acme: error: 400 :: urn:ietf:params:acme:error:connection :: dial tcp: connection refused`;
  expect(readProblems(output)).toEqual([
    { host: "learn.example.com", type: "unauthorized", detail: "192.0.2.1: Invalid response :: 404" },
    { host: "www.example.com", type: "connection", detail: "dial tcp: connection refused" },
  ]);
});

test("a refused order is told with its type and detail", () => {
  const output = `Could not obtain certificates:
	acme: error: 429 :: POST :: https://acme.example.com/order :: urn:ietf:params:acme:error:rateLimited :: too many`;
  expect(readProblems(output)).toEqual([{ host: undefined, type: "rateLimited", detail: "too many" }]);
});

test("what goes wrong before the issuer is asked is told in lego's words", () => {
  const unreached =
    "Could not create client: get directory at 'https://a/dir': Get \"https://a/dir\": connection refused";
  expect(readProblems(unreached)).toEqual([{ host: undefined, type: "", detail: unreached }]);
  for (const refused of [
    "cloudflare: GET /zones was answered with 403: Authentication error (10000)",
    "linode: GET /domains was answered with 401: Invalid Token",
  ]) {
    expect(readProblems(`[INFO] acme: Preparing to solve DNS-01\n${refused}\n`)).toEqual([
      { host: undefined, type: "", detail: refused },
    ]);
  }
});

test("a host's problem without the issuer's words is told too, and what is only reported is not a problem", () => {
  const output = `[INFO] [a.example.com] acme: Preparing to solve DNS-01
[WARN] [a.example.com] acme: cleaning up failed: exit status 1
[a.example.com] [a.example.com] acme: error presenting token: exit status 1
[b.example.com] time limit exceeded: last error: NS ns.example.com. did not return the expected TXT record`;
  expect(readProblems(output)).toEqual([
    { host: "a.example.com", type: "", detail: "acme: error presenting token: exit status 1" },
    {
      host: "b.example.com",
      type: "",
      detail: "time limit exceeded: last error: NS ns.example.com. did not return the expected TXT record",
    },
  ]);
});

test.each<[string, Partial<AcmeProblem>, RegExp]>([
  ["a rate limit", { type: "rateLimited" }, /acme-staging-v02/],
  ["CAA records", { type: "caa" }, /CAA records permit/],
  ["a forbidden name", { type: "rejectedIdentifier" }, /landfall:hosts/],
  ["a token without rights", { detail: "cloudflare: GET /zones was answered with 403" }, /Zone:Read and DNS:Edit/],
  ["an API out of reach", { detail: "cloudflare: GET https://a was not answered" }, /reaches api\.cloudflare\.com/],
  ["a Linode token without rights", { detail: "linode: GET /domains was answered with 401" }, /read and write domains/],
  ["Linode's API out of reach", { detail: "linode: GET https://a was not answered" }, /reaches api\.linode\.com/],
  ["a directory out of reach", { detail: "Could not create client: get directory at 'x'" }, /trusts its certificate/],
  ["a host that points elsewhere", { type: "unauthorized" }, /A and AAAA records point to this server/],
])("the next step after %s", (_name, problem, step) => {
  expect(nextStep([{ host: undefined, type: "", detail: "", ...problem }], request)).toMatch(step);
});

test("a record that is not seen points at the name servers", () => {
  const problem = { host: "a.example.com", type: "unauthorized", detail: "No TXT record found" };
  expect(nextStep([problem], { ...request, challenge: "dns-01" })).toMatch(/name servers/);
});
