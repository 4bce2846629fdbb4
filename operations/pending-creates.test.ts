import { expect, test } from "vitest";
import type { Checkpoint } from "@landfall/tools/clone-state";
import { madeUnnoted } from "./pending-creates.ts";

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
