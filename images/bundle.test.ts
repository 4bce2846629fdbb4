import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { bundle } from "./bundle.ts";
import type { ContextFile } from "./files.ts";

let root = "";
const places = (): string => join(root, ".landfall", "bundles");

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "landfall-bundle-"));
  onTestFinished(() => {
    rmSync(root, { recursive: true });
  });
  writeFileSync(join(root, "main.ts"), 'import { word } from "./word.ts";\nconsole.log(word);\n');
  writeFileSync(join(root, "word.ts"), 'export const word: string = "one";\n');
});

function textOf(file: ContextFile): string {
  if ("path" in file) throw new Error(`${file.path} is no bundle`);
  return Buffer.from(file.bytes).toString();
}

/** What a later run finds in place of what was kept. */
function alter(change: (kept: string) => string): void {
  const [name] = readdirSync(places());
  if (name === undefined) throw new Error("nothing was kept");
  writeFileSync(join(places(), name), change(readFileSync(join(places(), name), "utf8")));
}

test("what was bundled is kept and given again, byte for byte", () => {
  const first = textOf(bundle("main.ts", root));
  expect(textOf(bundle("main.ts", root))).toBe(first);
  alter((kept) => kept.replace("one", "kept"));
  expect(textOf(bundle("main.ts", root))).toBe(first.replace("one", "kept"));
  expect(readdirSync(places())).toEqual(["main.ts.json"]);
});

test.each([
  ["a source that it imports", "word.ts", 'export const word: string = "two";\n'],
  ["the entry itself", "main.ts", 'console.log("two");\n'],
  ["the compiler's settings", "tsconfig.json", "{}\n"],
  ["the list of packages", "package-lock.json", "{}\n"],
])("it is bundled anew when %s changes", (_what, path, content) => {
  bundle("main.ts", root);
  alter((kept) => kept.replace("one", "stale"));
  writeFileSync(join(root, path), content);
  expect(textOf(bundle("main.ts", root))).not.toContain("stale");
});

test("a source that is gone is an error, whatever was kept", () => {
  bundle("main.ts", root);
  rmSync(join(root, "word.ts"));
  expect(() => bundle("main.ts", root)).toThrow("word.ts");
});

test("a bundle that a source was written under is given, and not kept", () => {
  const soon = new Date(Date.now() + 60_000);
  utimesSync(join(root, "word.ts"), soon, soon);
  expect(textOf(bundle("main.ts", root))).toContain("one");
  expect(existsSync(places())).toBe(false);
});

test("what was kept in part is not taken", () => {
  const first = textOf(bundle("main.ts", root));
  alter((kept) => kept.slice(0, 40));
  expect(textOf(bundle("main.ts", root))).toBe(first);
});
