import { expect, test } from "vitest";
import { renderSettings } from "./settings.ts";

test("a plan's memory says how many connections there are", () => {
  expect(renderSettings({ type: "g6-nanode-1", settings: {} })).toContain("max_connections = '25'\n");
  expect(renderSettings({ type: "g6-dedicated-8", settings: {} })).toContain("max_connections = '400'\n");
});

test("memory for work is in MiB, memory for all a share of the plan's, as far as a rehearsal has it", () => {
  const text = renderSettings({ type: "g6-nanode-1", settings: { work_mem: "8", shared_buffers: "20" } });
  expect(text).toContain("work_mem = '8MB'\n");
  expect(text).toContain("shared_buffers = '204MB'\n");
  expect(renderSettings({ type: "g6-dedicated-16", settings: { shared_buffers: "60" } })).toContain("= '256MB'\n");
});

test("a quotation mark does not end a value", () => {
  expect(renderSettings({ type: "g6-nanode-1", settings: { timezone: "a'b" } })).toContain("timezone = 'a''b'\n");
});
