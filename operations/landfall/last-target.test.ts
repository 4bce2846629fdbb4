import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lastTarget, rememberTarget } from "./last-target.ts";

let home: string;
const shown = "postgresql://ann@new/landfall";

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "last-target-"));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

test("a target is remembered with its password, which stands nowhere in clear", () => {
  expect(lastTarget(home)).toBeUndefined();
  rememberTarget({ shown, password: "s3cret pässword" }, home);
  expect(lastTarget(home)).toEqual({ shown, password: "s3cret pässword" });
  expect(readFileSync(join(home, "last-target.json"), "utf8")).not.toContain("s3cret");
  for (const file of ["last-target.json", "last-target.key"])
    expect((statSync(join(home, file)).mode & 0o777).toString(8)).toBe("600");
});

test("a target without a password is remembered as it is", () => {
  rememberTarget({ shown }, home);
  expect(lastTarget(home)).toEqual({ shown });
});

test("what cannot be opened any more is no target", () => {
  rememberTarget({ shown, password: "s3cret" }, home);
  writeFileSync(join(home, "last-target.key"), Buffer.alloc(32));
  expect(lastTarget(home)).toBeUndefined();
});
