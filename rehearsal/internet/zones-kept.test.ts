import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { zonesKept } from "./zones-kept.ts";

test("a zone stays in the account when it is asked for no more", () => {
  const folder = mkdtempSync(join(tmpdir(), "landfall-zones-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const path = join(folder, "account.json");
  expect(zonesKept(path, ["example.com"])).toEqual(["example.com"]);
  writeFileSync(path, JSON.stringify({ zones: ["example.com"], edge: "198.51.100.33" }));
  expect(zonesKept(path, [])).toEqual(["example.com"]);
  expect(zonesKept(path, ["example.org", "example.com"])).toEqual(["example.com", "example.org"]);
});
