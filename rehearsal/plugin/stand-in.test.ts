import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Cloud } from "../cloud/cloud.ts";
import { breakApi, mendApi } from "../cloud/faults.ts";
import type { Vendor } from "./resource.ts";
import { StandIn } from "./stand-in.ts";
import { markSecret, UNKNOWN } from "./values.ts";

const token = "acme:index/box:Box";
const urn = `urn:pulumi:staging::landfall::landfall:infra:Server$${token}::box`;
let cloud: Cloud;
let made: unknown[];

const vendor: Vendor = {
  name: "acme",
  tokenVariable: "ACME_TOKEN",
  token: ({ tokens }) => tokens.linode,
  invokes: [],
  resources: [
    {
      token,
      inputs: {
        label: { shape: { type: "string" }, required: true },
        key: { shape: { type: "string" } },
      },
      secretOutputs: ["password"],
      check: ({ label }) => (label === "bad" ? [{ property: "label", reason: "is bad" }] : []),
      create: (_, inputs) => {
        made.push(inputs);
        return Promise.resolve({ id: "7", outputs: { ...inputs, password: "p4ss", status: "running" } });
      },
      read: (_, id, outputs) =>
        Promise.resolve(id === "7" ? { key: undefined, ...outputs, status: "offline" } : undefined),
      update: (_, { before, inputs }) => Promise.resolve({ ...before, ...inputs }),
      remove: () => Promise.resolve(),
    },
  ],
};

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), "stand-in-"));
  cloud = { stack: "staging", folder, prefix: "198.51.100", tokens: { linode: "good", cloudflare: "other" } };
  made = [];
  vi.stubEnv("ACME_TOKEN", "good");
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cloud.folder, { recursive: true });
});

const standIn = (): StandIn => new StandIn(vendor, cloud, "1.0.0");

test("a resource that is not stood in for is refused by its name, with those that are", async () => {
  const { failures } = await standIn().check("urn:pulumi:a::b::acme:index/tree:Tree::x", {}, {});
  expect(failures).toEqual([
    { property: "", reason: `the rehearsal has no stand-in for acme:index/tree:Tree; of acme it has ${token}` },
  ]);
});

test("a function that is not stood in for is refused by its name", async () => {
  await expect(standIn().invoke("acme:index/getTree:getTree", {})).rejects.toThrow(
    "no stand-in for acme:index/getTree",
  );
});

test("the vendor's rules are asked once names and types are right", async () => {
  expect((await standIn().check(urn, {}, { label: markSecret("bad") })).failures).toHaveLength(1);
  expect((await standIn().check(urn, {}, { label: UNKNOWN })).failures).toEqual([]);
});

/** The outputs of a new box with a secret. */
async function createSecret(): Promise<Record<string, unknown>> {
  return (await standIn().create(urn, { label: "a", key: markSecret("k") })).outs as Record<string, unknown>;
}

test("secrets reach the vendor in clear and leave it marked", async () => {
  const outs = await createSecret();
  expect(made).toEqual([{ label: "a", key: "k" }]);
  expect(outs).toMatchObject({ label: "a", key: markSecret("k"), password: markSecret("p4ss"), status: "running" });
});

test("after a refresh secrets are still marked, and inputs are still known from outputs", async () => {
  const read = await standIn().read("7", urn, await createSecret());
  const props = read.props as Record<string, unknown>;
  expect(props).toMatchObject({ key: markSecret("k"), password: markSecret("p4ss"), status: "offline" });
  expect(read.inputs).toEqual({ label: "a", key: markSecret("k") });
  expect((await standIn().diff("7", urn, props, { label: "a" })).changes).toBe(true);
});

test("what is imported was given what it has, and nothing that it has not", async () => {
  const read = await standIn().read("7", urn, { label: "a" });
  expect(read.inputs).toEqual({ label: "a" });
  expect((await standIn().diff("7", urn, read.props as Record<string, unknown>, { label: "a" })).changes).toBe(false);
});

test("one that is gone is read as gone", async () => {
  expect(await standIn().read("8", urn, { label: "a" })).toEqual({ id: "" });
});

test("a token that the cloud did not give out is refused before anything is done", async () => {
  vi.stubEnv("ACME_TOKEN", "a real one");
  await expect(standIn().create(urn, { label: "a" })).rejects.toThrow("ACME_TOKEN is not the token of this rehearsal");
  vi.stubEnv("ACME_TOKEN", undefined);
  await expect(standIn().delete("7", urn, {})).rejects.toThrow("ACME_TOKEN is not set");
  expect(made).toEqual([]);
});

test("a fault meets the calls that it is for, in the vendor's words, until it is mended", async () => {
  await breakApi(cloud, { vendor: "acme", token, operation: "create", status: 429 });
  await expect(standIn().create(urn, { label: "a" })).rejects.toThrow("[429] Too many requests");
  await expect(standIn().update("7", urn, {}, { label: "a" })).resolves.toBeDefined();
  await mendApi(cloud);
  await expect(standIn().create(urn, { label: "a" })).resolves.toMatchObject({ id: "7" });
});

test("a quota lets so many through, and a passing fault is over after its calls", async () => {
  await breakApi(cloud, { operation: "create", after: 1, times: 1, status: 400, text: "Account Limit reached." });
  await standIn().create(urn, { label: "a" });
  await expect(standIn().create(urn, { label: "b" })).rejects.toThrow("[400] Account Limit reached.");
  await standIn().create(urn, { label: "b" });
});
