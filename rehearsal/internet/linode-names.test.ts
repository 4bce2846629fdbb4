import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { publishHost, readLinodeNames } from "./linode-names.ts";

test("a host outside of Linode's own zones is refused, and nothing is published", async () => {
  const folder = mkdtempSync(join(tmpdir(), "names-"));
  const cloud = { stack: "staging", folder, prefix: "198.51.100", tokens: { linode: "", cloudflare: "" } };
  await expect(publishHost(cloud, "www.example.com", "198.51.100.7")).rejects.toThrow('"www.example.com" lies in none');
  expect(readLinodeNames(cloud)).toEqual({ revision: 0, domains: [], hosts: {} });
  rmSync(folder, { recursive: true });
});
