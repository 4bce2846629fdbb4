import { expect, test } from "vitest";
import { orphans } from "./orphans.ts";

const container = (name: string): { urn: string; type: string; inputs: Record<string, unknown> } => ({
  urn: `urn:${name}`,
  type: "docker:index/container:Container",
  inputs: { name },
});

test("what was being created may be there without the state knowing", () => {
  const found = orphans({
    resources: [{ ...container("landfall-local-app"), id: "known" }],
    pending: [{ type: "creating", resource: container("landfall-local-app") }],
  });
  expect(found).toEqual([
    { kind: "container", name: "landfall-local-app", engine: undefined, known: new Set(["known"]) },
  ]);
});

test("what was being deleted or updated, volumes and nameless things are left alone", () => {
  const volume = { urn: "urn:v", type: "docker:index/volume:Volume", inputs: { name: "data" } };
  const found = orphans({
    resources: [],
    pending: [
      { type: "deleting", resource: container("a") },
      { type: "updating", resource: container("b") },
      { type: "creating", resource: volume },
      { type: "creating", resource: { ...container("c"), inputs: {} } },
    ],
  });
  expect(found).toEqual([]);
});
