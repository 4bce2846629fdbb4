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
  expect(found).toEqual([{ kind: "container", name: "landfall-local-app", engine: undefined }]);
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

test("what was being created on a server is looked for on that server's engine", () => {
  const engine = "ssh://deploy@198.51.100.7:22?identity=staging&hostKey=ssh-ed25519+AAAA";
  const provider = { urn: "urn:p", type: "pulumi:providers:docker", inputs: { host: "ssh://deploy@198.51.100.7:22" } };
  const gate = { urn: "urn:g", type: "pulumi-nodejs:dynamic/gate:ServerGate", outputs: { engine } };
  const [found] = orphans({
    resources: [provider, gate],
    pending: [{ type: "creating", resource: { ...container("a"), provider: "urn:p::4711" } }],
  });
  expect(found?.engine).toBe(engine);
});
