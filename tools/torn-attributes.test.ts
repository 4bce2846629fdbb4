import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { removeTornAttributes } from "./torn-attributes.ts";

const folder = mkdtempSync(join(tmpdir(), "landfall-state-"));
const stacks = join(folder, ".pulumi", "stacks");
mkdirSync(stacks, { recursive: true });
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test("sidecars that a kill has left empty or cut off are removed; whole ones and the state itself stay", () => {
  const write = (name: string, text: string): string => {
    const file = join(stacks, name);
    writeFileSync(file, text);
    return file;
  };
  const empty = write("one.json.attrs", "");
  const cut = write("two.json.attrs", '{"user.content_type":"app');
  const whole = write("three.json.attrs", '{"user.content_type":"application/json"}');
  const state = write("one.json", "");
  expect(removeTornAttributes(folder).sort()).toEqual([empty, cut].sort());
  expect([empty, cut, whole, state].map((file) => existsSync(file))).toEqual([false, false, true, true]);
});

test("a backend that is not there yet has nothing torn", () => {
  expect(removeTornAttributes(join(folder, "nowhere"))).toEqual([]);
});
