import { existsSync, mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cloud } from "./cloud.ts";
import { runOnMachine } from "./machine.ts";

/** The folder with the files of a cloud's disks. */
function diskFolder(cloud: Cloud): string {
  return join(cloud.folder, "disks");
}

/**
 * Name of a disk's file. The kernel forgets the folder of a loop device's file, so the name alone must tell whose it
 * is; a dot cannot be part of a stack's name.
 */
function diskName(cloud: Cloud, disk: string): string {
  return `landfall-rehearsal.${cloud.stack}.${disk}.img`;
}

/** A disk of a cloud, as this machine's kernel has it. */
export interface LoopDevice {
  /** Number of the device: 3 for `/dev/loop3`. */
  readonly number: number;
  /** Name of its file. */
  readonly file: string;
}

/** Makes a disk's file, or makes it larger; it takes room on this machine only as it is written to. Sizes in GiB. */
export function makeDisk(cloud: Cloud, disk: string, size: number): void {
  mkdirSync(diskFolder(cloud), { recursive: true });
  const path = join(diskFolder(cloud), diskName(cloud, disk));
  if (!existsSync(path)) writeFileSync(path, "", { mode: 0o600 });
  truncateSync(path, size * 2 ** 30);
}

/** Whether a disk has a file. */
export function hasDisk(cloud: Cloud, disk: string): boolean {
  return existsSync(join(diskFolder(cloud), diskName(cloud, disk)));
}

/** Connects a disk's file to a loop device, unless it is connected, and makes the device as large as the file. */
export async function connectDisk(cloud: Cloud, disk: string): Promise<LoopDevice> {
  const known = await findDisk(cloud, disk);
  const file = diskName(cloud, disk);
  if (known !== undefined) {
    await losetup(cloud, ["--set-capacity", `/dev/loop${String(known.number)}`]);
    return known;
  }
  const printed = await losetup(cloud, ["--find", "--show", "--nooverlap", `/disks/${file}`]);
  const number = Number(/\/dev\/loop(\d+)/.exec(printed)?.[1]);
  if (!Number.isInteger(number)) throw new Error(`losetup connected ${file} and did not say to what: "${printed}".`);
  return { number, file };
}

/** Disconnects a disk and removes its file. One that is gone is a success. */
export async function removeDisk(cloud: Cloud, disk: string): Promise<void> {
  await disconnectDisk(cloud, disk);
  rmSync(join(diskFolder(cloud), diskName(cloud, disk)), { force: true });
}

/** Takes a disk's loop device away. The kernel does so once nobody has it mounted. */
export async function disconnectDisk(cloud: Cloud, disk: string): Promise<void> {
  const known = await findDisk(cloud, disk);
  if (known !== undefined) await losetup(cloud, ["--detach", `/dev/loop${String(known.number)}`]);
}

/** The loop devices of a cloud, those of files that are gone among them. */
export async function listLoopDevices(cloud: Cloud): Promise<LoopDevice[]> {
  return parseLoopDevices(
    await losetup(cloud, ["--list", "--noheadings", "--raw", "--output", "NAME,BACK-FILE"]),
    cloud,
  );
}

/** Takes all loop devices of a cloud away. */
export async function disconnectAll(cloud: Cloud): Promise<void> {
  for (const { number } of await listLoopDevices(cloud)) {
    await losetup(cloud, ["--detach", `/dev/loop${String(number)}`]);
  }
}

/** Reads what losetup lists: a device and its file on each line, `/dev/loop3 /disks/landfall-rehearsal.staging.7.img`. */
export function parseLoopDevices(listed: string, cloud: Cloud): LoopDevice[] {
  const prefix = diskName(cloud, "").replace(/\.img$/, "");
  return listed.split("\n").flatMap((line): LoopDevice[] => {
    const found = /^\/dev\/loop(\d+) (?:.*\/)?([^/ ]+\.img)(?: |\\x20|$)/.exec(line.trim());
    const [, number, file] = found ?? [];
    return file?.startsWith(prefix) === true ? [{ number: Number(number), file }] : [];
  });
}

async function findDisk(cloud: Cloud, disk: string): Promise<LoopDevice | undefined> {
  const file = diskName(cloud, disk);
  return (await listLoopDevices(cloud)).find((device) => device.file === file);
}

async function losetup(cloud: Cloud, command: readonly string[]): Promise<string> {
  mkdirSync(diskFolder(cloud), { recursive: true });
  return runOnMachine(cloud, {
    command: ["losetup", ...command],
    mounts: ["/dev:/dev", `${diskFolder(cloud)}:/disks`],
  });
}
