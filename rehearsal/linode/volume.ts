import type { Cloud } from "../cloud/cloud.ts";
import { connectDisk, hasDisk, makeDisk, removeDisk } from "../cloud/loop-device.ts";
import type { Fault, Properties, Resource } from "../plugin/resource.ts";
import { attachVolume, detachVolume, devicePath, diskOf } from "./attachment.ts";
import {
  changeAccount,
  claimLabel,
  find,
  readAccount,
  refusal,
  takeId,
  type Account,
  type VolumeRecord,
} from "./account.ts";
import { computed, integer, optional, replacing, required, string, strings } from "./properties.ts";
import { checkChoice, checkLabel, checkRegion, checkTags, refuseUnsupported, volumeLabel } from "./rules.ts";

/** GiB; https://techdocs.akamai.com/linode-api/reference/post-volume */
const sizes = { smallest: 10, largest: 16_384, usual: 20 };

interface VolumeInputs extends Properties {
  readonly label: string;
  readonly region: string;
  readonly size?: number;
  readonly linodeId?: number;
}

/** A disk that outlives servers: a file on this machine that takes room as it is written to, and a loop device. */
export const volume: Resource = {
  token: "linode:index/volume:Volume",
  inputs: {
    label: required(string),
    size: computed(integer),
    region: replacing(computed(string)),
    linodeId: computed(integer),
    encryption: computed(string),
    sourceVolumeId: optional(integer),
    tags: computed(strings),
    timeouts: optional({
      type: "object",
      properties: { create: optional(string), update: optional(string), delete: optional(string) },
    }),
  },
  secretOutputs: [],
  check: (inputs) => [
    ...checkLabel(inputs["label"], volumeLabel),
    ...checkRegion(inputs["region"]),
    ...(inputs["region"] === undefined
      ? [{ property: "region", reason: "is required unless the volume is a clone of another" }]
      : []),
    ...checkSize(inputs["size"]),
    ...checkChoice("encryption", inputs["encryption"], ["enabled", "disabled"]),
    ...checkTags(inputs["tags"]),
    ...refuseUnsupported(inputs, ["sourceVolumeId"]),
  ],
  create: async (cloud, inputs) => {
    const { label, region, size = sizes.usual, linodeId } = inputs as VolumeInputs;
    const made = await changeAccount(cloud, async (account) => {
      claimLabel(account.volumes, { label }, "volumes");
      const record: VolumeRecord = { id: takeId(account), label, region, size };
      // A call that was killed may have left one of this name.
      if (hasDisk(cloud, diskOf(record))) await removeDisk(cloud, diskOf(record));
      makeDisk(cloud, diskOf(record), size);
      if (linodeId !== undefined) await attachVolume(cloud, account, { volume: record, linodeId });
      account.volumes.push(record);
      return record;
    });
    return { id: String(made.id), outputs: outputsOf(made, inputs) };
  },
  read: (cloud, id, outputs) => {
    const found = readAccount(cloud).volumes.find((one) => String(one.id) === id);
    return Promise.resolve(found && outputsOf(found, outputs));
  },
  update: (cloud, { id, before, inputs }) => {
    const wanted = inputs as VolumeInputs;
    return changeAccount(cloud, async (account) => {
      const record = find(account.volumes, id);
      if (
        before["encryption"] !== undefined &&
        (inputs["encryption"] ?? before["encryption"]) !== before["encryption"]
      ) {
        throw refusal(400, "encryption cannot be changed on a volume that exists", "encryption");
      }
      await changeLabel(cloud, account, { record, label: wanted.label });
      await grow(cloud, record, wanted.size ?? record.size);
      // A server that is not named any more is left: the provider then does not manage the attachment.
      if (wanted.linodeId !== undefined && wanted.linodeId !== record.linodeId) {
        await attachVolume(cloud, account, { volume: record, linodeId: wanted.linodeId });
      }
      return outputsOf(record, { ...before, ...inputs });
    });
  },
  remove: (cloud, id) =>
    changeAccount(cloud, async (account) => {
      const record = account.volumes.find((one) => String(one.id) === id);
      if (record === undefined) return;
      await detachVolume(cloud, account, record);
      await removeDisk(cloud, diskOf(record));
      account.volumes = account.volumes.filter((one) => one !== record);
    }),
};

function checkSize(size: unknown): Fault[] {
  if (typeof size !== "number" || (size >= sizes.smallest && size <= sizes.largest)) return [];
  const reason = `${String(size)} GB; must be ${String(sizes.smallest)}-${String(sizes.largest)}`;
  return [{ property: "size", reason }];
}

/** A label is part of the device's name on the server, which must not change under what is mounted. */
async function changeLabel(
  cloud: Cloud,
  account: Account,
  { record, label }: { record: VolumeRecord; label: string },
): Promise<void> {
  if (label === record.label) return;
  claimLabel(account.volumes, { label, id: record.id }, "volumes");
  const { linodeId } = record;
  if (linodeId !== undefined) await detachVolume(cloud, account, record);
  record.label = label;
  if (linodeId !== undefined) await attachVolume(cloud, account, { volume: record, linodeId });
}

async function grow(cloud: Cloud, record: VolumeRecord, size: number): Promise<void> {
  if (size === record.size) return;
  if (size < record.size) {
    throw refusal(400, `Volumes can only be resized up: from ${String(record.size)} GB to ${String(size)} GB`, "size");
  }
  makeDisk(cloud, diskOf(record), size);
  if (record.linodeId !== undefined) await connectDisk(cloud, diskOf(record));
  record.size = size;
}

function outputsOf({ label, region, size, linodeId }: VolumeRecord, inputs: Properties): Properties {
  return {
    encryption: inputs["encryption"] ?? "disabled",
    tags: inputs["tags"] ?? [],
    timeouts: inputs["timeouts"],
    label,
    region,
    size,
    linodeId: linodeId ?? 0,
    filesystemPath: devicePath(label),
    status: "active",
  };
}
