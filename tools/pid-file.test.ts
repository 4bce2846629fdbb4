import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { pidHolder } from "./pid-file.ts";

const folder = mkdtempSync(join(tmpdir(), "landfall-pid-"));
const file = join(folder, "program.pid");
const ownName = readFileSync("/proc/self/comm", "utf8").trim();
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test("without a file, or with a process that is gone, nobody holds it", () => {
  expect(pidHolder(join(folder, "nothing.pid"), "dockerd")).toBe("nobody");
  writeFileSync(file, "4194305\n");
  expect(pidHolder(file, "dockerd")).toBe("nobody");
  writeFileSync(file, "not a number");
  expect(pidHolder(file, "dockerd")).toBe("nobody");
});

test("a running process of that name holds it, one of another name has only got its number", () => {
  writeFileSync(file, `${String(process.pid)}\n`);
  expect(pidHolder(file, ownName)).toBe("program");
  expect(pidHolder(file, "dockerd")).toBe("another");
});
