import { afterEach, expect, test } from "vitest";
import { imageOf } from "../rehearsal/cloud/images.ts";
import { labelsOf, nameOf } from "../rehearsal/cloud/cloud.ts";
import { publicNetwork } from "../rehearsal/cloud/network.ts";
import { leftovers, removeCloud } from "../rehearsal/cloud/remove.ts";
import { openEngine } from "../tools/engine.ts";
import { VendorCloud } from "./stacks/vendor.ts";

const guest = "landfall-removal-test-guest";

afterEach(async () => {
  const left = await openEngine().listContainers({ all: true, filters: { name: [guest] } });
  for (const { Id } of left) await openEngine().getContainer(Id).remove({ force: true });
});

test("a network that somebody else is on is kept and named when all the rest of a rehearsal is gone", async () => {
  const engine = openEngine();
  const { cloud } = await VendorCloud.open("removal-test", "198.18.10", []);
  await engine.createVolume({ Name: nameOf(cloud, "data"), Labels: labelsOf(cloud) });
  const container = await engine.createContainer({
    name: guest,
    Image: imageOf(cloud, "machine"),
    Entrypoint: ["sleep", "infinity"],
    HostConfig: { NetworkMode: publicNetwork(cloud), Init: true },
  });
  await container.start();

  await expect(removeCloud(cloud)).rejects.toThrow(`containers are on it that are not the rehearsal's: ${guest}.`);
  expect(await leftovers(cloud)).toEqual([`network ${publicNetwork(cloud)}`]);
  expect((await container.inspect()).State.Running).toBe(true);

  await container.remove({ force: true });
  await removeCloud(cloud);
  expect(await leftovers(cloud)).toEqual([]);
});
