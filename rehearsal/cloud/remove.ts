import { existsSync, rmSync } from "node:fs";
import { isNotFound } from "../../infra/engine/engine.ts";
import { hasImage, openEngine } from "../../tools/engine.ts";
import type { Cloud } from "./cloud.ts";
import { remove } from "./endpoints.ts";
import { noteImages } from "./images.ts";
import { disconnectAll, listLoopDevices } from "./loop-device.ts";
import { hasTable, removeTable } from "./packet-filter.ts";
import { removeNetwork } from "./network-removal.ts";
import { readRecords } from "./records.ts";

/**
 * Removes everything of a cloud from this machine: containers, loop devices, packet filter rules, networks (with the
 * addresses and routes of their bridges), volumes, files. It goes by names and labels, not by the cloud's records, so
 * it works after a crash too. What is gone already is a success.
 *
 * @throws when the engine keeps a network, with the reason; everything else is gone then
 */
export async function removeCloud(cloud: Cloud): Promise<void> {
  const engine = openEngine();
  // The machine's work needs containers itself, so the others go first and that work's own after it.
  await removeContainers(cloud);
  if (await findMachineImage(cloud)) {
    await disconnectAll(cloud);
    await removeTable(cloud);
    await removeContainers(cloud);
  }
  const reasons: string[] = [];
  for (const { Id } of await engine.listNetworks(labelled(cloud))) {
    const reason = await removeNetwork(Id, () => removeContainers(cloud));
    if (reason !== undefined) reasons.push(reason);
  }
  const { Volumes } = await engine.listVolumes(labelled(cloud));
  for (const { Name } of Volumes) await gone(engine.getVolume(Name).remove());
  rmSync(cloud.folder, { recursive: true, force: true });
  if (reasons.length > 0) throw new Error(reasons.join("\n"));
}

/** What there still is of a cloud on this machine, in words; nothing after it was removed. */
export async function leftovers(cloud: Cloud): Promise<string[]> {
  const engine = openEngine();
  const filter = labelled(cloud);
  const found: string[] = [];
  // First, since it makes a folder and containers that come and go.
  const folder = existsSync(cloud.folder);
  if (await findMachineImage(cloud)) {
    for (const { number, file } of await listLoopDevices(cloud)) {
      found.push(`loop device /dev/loop${String(number)} (${file})`);
    }
    if (await hasTable(cloud)) found.push("packet filter table");
    if (!folder) rmSync(cloud.folder, { recursive: true, force: true });
  }
  for (const { Names } of await engine.listContainers({ all: true, ...filter })) {
    found.push(`container ${(Names[0] ?? "").slice(1)}`);
  }
  for (const { Name } of await engine.listNetworks(filter)) found.push(`network ${Name}`);
  for (const { Name } of (await engine.listVolumes(filter)).Volumes) found.push(`volume ${Name}`);
  if (folder) found.push(`folder ${cloud.folder}`);
  return found;
}

function labelled(cloud: Cloud): { filters: { label: string[] } } {
  return { filters: { label: [`landfall.rehearsal=${cloud.stack}`] } };
}

async function removeContainers(cloud: Cloud): Promise<void> {
  const engine = openEngine();
  const containers = await engine.listContainers({ all: true, ...labelled(cloud) });
  await Promise.all(containers.map(({ Id }) => remove(cloud, engine.getContainer(Id))));
}

async function gone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/**
 * Finds an image to do the machine's work in, where the records name none that is there: any that was ever built.
 * Without any, no work on the machine can have been done.
 */
async function findMachineImage(cloud: Cloud): Promise<boolean> {
  const noted = readRecords<Record<string, string>>(cloud, "images", {})["machine"];
  if (noted !== undefined && (await hasImage(noted))) return true;
  const images = await openEngine().listImages({ filters: { reference: ["landfall-rehearsal/machine"] } });
  const machine = images.flatMap(({ RepoTags }) => RepoTags ?? []).at(0);
  if (machine === undefined) return false;
  await noteImages(cloud, { machine });
  return true;
}
