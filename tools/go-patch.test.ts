import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { applyTo } from "./go-patch.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "landfall-patch-"));
  mkdirSync(join(folder, "internal"));
  writeFileSync(join(folder, "run.patch"), patch);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const patch = `--- a/internal/run.go
+++ b/internal/run.go
@@ -1,3 +1,3 @@
 package internal
-func run() {}
+func run() { wait() }
 // end
`;

test("a diff is applied to the files that it names", () => {
  const file = join(folder, "internal/run.go");
  writeFileSync(file, "package internal\nfunc run() {}\n// end\n");
  applyTo(folder, join(folder, "run.patch"));
  expect(readFileSync(file, "utf8")).toBe("package internal\nfunc run() { wait() }\n// end\n");
});

test("a diff that does not fit is refused, and nothing is changed", () => {
  const file = join(folder, "internal/run.go");
  writeFileSync(file, "package internal\nfunc run(ctx Context) {}\n// end\n");
  expect(() => {
    applyTo(folder, join(folder, "run.patch"));
  }).toThrow("run.patch does not fit");
  expect(readFileSync(file, "utf8")).toContain("run(ctx Context)");
});
