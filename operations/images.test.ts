import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { builtImages } from "./images.ts";

const folder = mkdtempSync(join(tmpdir(), "landfall-contexts-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test("the images of all releases that this clone has built are known by their contexts, unfinished ones are not", () => {
  for (const name of ["app-0123456789abcdef", "app-fedcba9876543210", "legacy-learnmore-00112233445566aa"]) {
    mkdirSync(join(folder, name));
  }
  mkdirSync(join(folder, "app-0123456789abcdee.4711"));
  expect(builtImages(folder).sort()).toEqual([
    "landfall/app:0123456789abcdef",
    "landfall/app:fedcba9876543210",
    "landfall/legacy-learnmore:00112233445566aa",
  ]);
});

test("a clone that has built nothing has no images", () => {
  expect(builtImages(join(folder, "nowhere"))).toEqual([]);
});
