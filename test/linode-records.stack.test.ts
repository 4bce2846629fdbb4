import type { Container } from "dockerode";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { Estate } from "./services/estate.ts";

// The program that proves domains at Linode, against an API as Linode documents it:
// https://techdocs.akamai.com/linode-api/reference/get-domains and /post-domain-record.
const api = `
const { readFileSync } = require("node:fs");
const domains = [{ id: 7, domain: "example.com" }, { id: 8, domain: "deep.example.com" }];
const records = [{ id: 1, type: "TXT", name: "_acme-challenge.learn", target: "another's" }];
const answer = (request, body) => {
  const { pathname, searchParams } = new URL(request.url, "https://api.linode.com");
  if (pathname === "/records") return [200, records];
  if (request.headers.authorization !== "Bearer the-domain's-token") return [401, { errors: [{ reason: "Invalid Token" }] }];
  const filter = JSON.parse(request.headers["x-filter"]);
  const page = (data) => [200, { data: data.filter((one) => Object.entries(filter).every(([key, value]) => one[key] === value)), page: 1, pages: 1 }];
  if (pathname === "/v4/domains") return page(domains);
  if (pathname === "/v4/domains/7/records" && request.method === "GET") {
    const size = Number(searchParams.get("page_size"));
    return size >= 25 && size <= 500 ? page(records) : [400, { errors: [{ reason: "Must be 25-500" }] }];
  }
  if (pathname === "/v4/domains/7/records" && request.method === "POST") {
    const record = { id: records.length + 1, ...JSON.parse(body) };
    records.push(record);
    return [200, record];
  }
  const [, id] = /^\\/v4\\/domains\\/7\\/records\\/(\\d+)$/.exec(pathname) ?? [];
  const index = records.findIndex((record) => record.id === Number(id));
  if (index === -1 || request.method !== "DELETE") return [404, { errors: [{ reason: "Not found" }] }];
  records.splice(index, 1);
  return [200, {}];
};
require("node:https").createServer({ cert: readFileSync("/run/secrets/server.crt"), key: readFileSync("/run/secrets/server.key") }, (request, response) => {
  let body = "";
  request.on("data", (chunk) => (body += chunk)).on("end", () => {
    const [status, value] = answer(request, body);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  });
}).listen(443, () => console.log("listening"));
`;
let estate: Estate;
let prover: Container;

const run = (...command: string[]) => estate.execute(prover, command);
const inZone = ["_acme-challenge.learn.example.com.", "a-value"];

async function records(): Promise<unknown> {
  const { stdout } = await run(
    "curl",
    "--silent",
    "--cacert",
    "/run/secrets/authority.crt",
    "https://api.linode.com/records",
  );
  return JSON.parse(stdout);
}

beforeAll(async () => {
  estate = await Estate.open();
  const server = await estate.run({
    image: "node",
    user: 10_001,
    alias: "api.linode.com",
    entrypoint: ["node", "-e", api],
    files: await estate.certificate(["api.linode.com"], []),
  });
  prover = await estate.run({
    image: "lego",
    user: 996,
    alias: "prover",
    environment: { DNS_TOKEN_FILE: "/run/secrets/dns_token", SSL_CERT_FILE: "/run/secrets/authority.crt" },
    files: { "authority.crt": estate.authority.certificate, dns_token: "the-domain's-token", wrong: "wrong" },
  });
  await vi.waitUntil(async () => (await estate.log(server)).includes("listening"), { timeout: 20_000 });
});

afterAll(async () => {
  await estate.close();
});

test("a record is put into the longest domain that it lies in, and that very one is taken out again", async () => {
  const present = await run("linode.sh", "present", ...inZone);
  expect([present.exitCode, present.stderr]).toEqual([0, ""]);
  expect(await records()).toEqual([
    expect.objectContaining({ target: "another's" }),
    { id: 2, type: "TXT", name: "_acme-challenge.learn", target: "a-value", ttl_sec: 30 },
  ]);
  const cleanup = await run("linode.sh", "cleanup", ...inZone);
  expect([cleanup.exitCode, cleanup.stderr]).toEqual([0, ""]);
  expect(await records()).toEqual([expect.objectContaining({ target: "another's" })]);
});

test("what Linode refuses is told in its words, and never the token", async () => {
  const refused = await run("env", "DNS_TOKEN_FILE=/run/secrets/wrong", "linode.sh", "present", ...inZone);
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr.trim()).toBe("linode: GET /domains was answered with 401: Invalid Token");
  const elsewhere = await run("linode.sh", "present", "_acme-challenge.learn.example.org.", "a-value");
  expect(elsewhere.exitCode).toBe(1);
  expect(elsewhere.stderr.trim()).toBe(
    "linode: the token sees no domain that _acme-challenge.learn.example.org lies in",
  );
});
