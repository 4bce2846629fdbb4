import type { Cloud } from "../cloud/cloud.ts";
import { connectDisk, disconnectDisk } from "../cloud/loop-device.ts";
import { find, refusal, type Account, type InstanceRecord, type VolumeRecord } from "./account.ts";
import { isRunning, runInServer } from "./server.ts";

/** The disks that a server can have besides its own two. */
const mostVolumes = 6;

/** The name by which a server finds a volume, whatever letter its device has. */
export function devicePath(label: string): string {
  return `/dev/disk/by-id/scsi-0Linode_Volume_${label}`;
}

/** The disk of a volume, as this machine knows it. */
export function diskOf({ id }: Pick<VolumeRecord, "id">): string {
  return `volume-${String(id)}`;
}

// The device first: what waits for the name may use it at once.
const plugIn = `
for letter in c d e f g h; do
  device=/dev/sd$letter
  [ -e "$device" ] || break
done
mkdir -p /dev/disk/by-id
[ -e "$2" ] && exit 0
mknod -m 0660 "$device" b 7 "$1"
ln -sfn "../../\${device#/dev/}" "$2"`;

const pullOut = `
[ -L "$1" ] || exit 0
rm -f "$(readlink -f "$1")" "$1"`;

// In every process's view: a container inside the server may hold the disk although the server itself does not.
const findMounts = `
[ -L "$1" ] || exit 0
minor=$(printf '%d' "0x$(stat -Lc %T "$1")")
cat /proc/[0-9]*/mountinfo 2> /dev/null | awk -v device="7:$minor" '$3 == device { print $5 }' | sort -u`;

/** A volume and the server that it is for. */
export interface Attachment {
  readonly volume: VolumeRecord;
  readonly linodeId: number;
}

/**
 * Attaches a volume to a server, and detaches it from the one that it is attached to. On a server that is switched off
 * it appears when that is switched on.
 *
 * @throws the vendor's refusal where it cannot be attached or detached; then nothing has changed
 */
export async function attachVolume(cloud: Cloud, account: Account, { volume, linodeId }: Attachment): Promise<void> {
  const server = find(account.instances, linodeId, "linode_id");
  if (server.region !== volume.region) {
    const regions = `the volume is in ${volume.region}, the Linode in ${server.region}`;
    throw refusal(400, `Volume and Linode must be in the same region; ${regions}`, "linode_id");
  }
  const others = account.volumes.filter((one) => one.linodeId === linodeId && one.id !== volume.id);
  if (others.length >= mostVolumes) throw refusal(400, "Linode has too many volumes attached", "linode_id");
  await detachVolume(cloud, account, volume);
  if (await isRunning(cloud, server)) await plugVolume(cloud, server, volume);
  volume.linodeId = linodeId;
}

/** Makes the devices of all volumes of a server that has been switched on. */
export async function plugVolumes(cloud: Cloud, account: Account, server: InstanceRecord): Promise<void> {
  for (const volume of account.volumes.filter(({ linodeId }) => linodeId === server.id)) {
    await plugVolume(cloud, server, volume);
  }
}

/**
 * Detaches a volume from its server, if it has one.
 *
 * @throws while it is mounted there. The vendor would pull it, and what was not written yet would be lost.
 */
export async function detachVolume(cloud: Cloud, account: Account, volume: VolumeRecord): Promise<void> {
  const server = account.instances.find(({ id }) => id === volume.linodeId);
  if (server !== undefined && (await isRunning(cloud, server))) {
    await refuseMounted(cloud, server, volume);
    await runInServer(cloud, server, { script: pullOut, args: [devicePath(volume.label)] });
  }
  await disconnectDisk(cloud, diskOf(volume));
  delete volume.linodeId;
}

async function plugVolume(cloud: Cloud, server: InstanceRecord, volume: VolumeRecord): Promise<void> {
  const { number } = await connectDisk(cloud, diskOf(volume));
  await runInServer(cloud, server, { script: plugIn, args: [String(number), devicePath(volume.label)] });
}

async function refuseMounted(cloud: Cloud, server: InstanceRecord, volume: VolumeRecord): Promise<void> {
  const found = await runInServer(cloud, server, { script: findMounts, args: [devicePath(volume.label)] });
  const places = found.split("\n").filter(Boolean);
  if (places.length === 0) return;
  throw refusal(
    400,
    `Volume "${volume.label}" is mounted on Linode "${server.label}" at ${places.join(", ")}. The vendor would pull it ` +
      "and what is not written yet would be lost; unmount it on the server first, then run this again",
    "linode_id",
  );
}

/** Lets go of the volumes of a server that is removed, as the vendor does. */
export async function detachRemoved(cloud: Cloud, account: Account, linodeId: number): Promise<void> {
  for (const volume of account.volumes.filter((one) => one.linodeId === linodeId)) {
    await disconnectDisk(cloud, diskOf(volume));
    delete volume.linodeId;
  }
}
