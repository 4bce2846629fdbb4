import { expect, test } from "vitest";
import type { Checkpoint } from "@landfall/tools/clone-state";
import { madeUnnoted, withMade } from "./pending-creates.ts";

const pending = (type: string, operation = "creating"): Checkpoint => ({
  resources: [],
  pending: [{ type: operation, resource: { urn: `urn:${type}`, type, inputs: { label: "a" } } }],
});

test("no vendor is asked for what is not a vendor's, and not for what was being changed or removed", async () => {
  const never = (): never => {
    throw new Error("a vendor was asked");
  };
  expect(await madeUnnoted(pending("docker:index/container:Container"), never)).toEqual([]);
  expect(await madeUnnoted(pending("linode:index/volume:Volume", "updating"), never)).toEqual([]);
  await expect(madeUnnoted(pending("linode:index/volume:Volume"), never)).rejects.toThrow("a vendor was asked");
});

test("what was made is noted with its id, and only that", () => {
  const firewall = { urn: "urn:f", type: "linode:index/firewall:Firewall", inputs: { label: "a" }, provider: "p" };
  const image = { urn: "urn:i", type: "docker:index/remoteImage:RemoteImage" };
  const exported = JSON.stringify({
    version: 3,
    deployment: {
      manifest: {},
      resources: [{ urn: "urn:s" }],
      pending_operations: [
        { type: "creating", resource: firewall },
        { type: "creating", resource: image },
      ],
    },
  });
  expect(JSON.parse(withMade(exported, [{ resource: firewall, id: "4711" }]))).toEqual({
    version: 3,
    deployment: {
      manifest: {},
      resources: [{ urn: "urn:s" }, { ...firewall, id: "4711", outputs: { label: "a" } }],
      pending_operations: [{ type: "creating", resource: image }],
    },
  });
});
