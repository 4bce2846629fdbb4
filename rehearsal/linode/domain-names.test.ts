import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Cloud } from "../cloud/cloud.ts";
import { readLinodeNames } from "../internet/linode-names.ts";
import { emptyAccount, readAccount } from "./account.ts";
import { domainsOf, ensureDomain } from "./domain-names.ts";
import { domainRecord } from "./domain-record.ts";
import { domain } from "./domain.ts";

let cloud: Cloud;

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), "domains-"));
  cloud = { stack: "domains-test", folder, prefix: "198.18.8", tokens: { linode: "", cloudflare: "" } };
});
afterEach(() => {
  rmSync(cloud.folder, { recursive: true });
});

const example = { domain: "example.com", type: "master", soaEmail: "a@example.com", ttlSec: 300 };

test("a domain and its records are what the name servers are given, until they are removed", async () => {
  const { id } = await domain.create(cloud, example);
  const record = { domainId: Number(id), name: "www", recordType: "A", target: "198.51.100.224", ttlSec: 30 };
  const made = await domainRecord.create(cloud, record);
  expect(readLinodeNames(cloud).domains).toMatchObject([
    { name: "example.com", ttlSec: 300, records: [{ name: "www", type: "A", target: "198.51.100.224", ttlSec: 30 }] },
  ]);
  await domainRecord.remove(cloud, made.id, {});
  expect(readLinodeNames(cloud).domains).toMatchObject([{ records: [] }]);
  await domain.remove(cloud, id, {});
  expect(readLinodeNames(cloud).domains).toEqual([]);
});

test("a name is an alias and nothing else, and a zone is there once", async () => {
  const { id } = await domain.create(cloud, example);
  const alias = { domainId: Number(id), name: "www", recordType: "CNAME", target: "example.com" };
  await domainRecord.create(cloud, alias);
  const address = { ...alias, recordType: "A", target: "198.51.100.224" };
  await expect(domainRecord.create(cloud, address)).rejects.toThrow("must be the only one of its name");
  await expect(domain.create(cloud, example)).rejects.toThrow("DNS zone already exists.");
});

test("a domain that is only looked for is in the account once", async () => {
  await ensureDomain(cloud, "example.com");
  await ensureDomain(cloud, "example.com");
  expect(readAccount(cloud).domains.map(({ name }) => name)).toEqual(["example.com"]);
});

test("a disabled domain is not answered", () => {
  const times = { ttlSec: 0, refreshSec: 0, retrySec: 0, expireSec: 0 };
  const one = { id: 1, name: "example.com", soaEmail: "a@example.com", status: "disabled", ...times };
  expect(domainsOf({ ...emptyAccount, domains: [one] })).toMatchObject([{ name: "example.com", disabled: true }]);
});
