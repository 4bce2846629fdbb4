import { randomBytes } from "node:crypto";
import type { Properties, Resource } from "../plugin/resource.ts";
import type { BucketAccess, KeyRecord } from "../storage/record.ts";
import { addKey, endpointOf, removeKey } from "../storage/storage.ts";
import { changeAccount, find, readAccount, refusal, takeId } from "./account.ts";
import { checkKey } from "./object-storage-rules.ts";
import { computed, objects, optional, replacing, required, string, strings } from "./properties.ts";

interface KeyInputs extends Properties {
  readonly label: string;
  readonly bucketAccesses?: readonly BucketAccess[];
  readonly regions?: readonly string[];
}

/** A key to the object storage. A limited one opens its buckets alone, and to read only where that is all it may. */
export const objectStorageKey: Resource = {
  token: "linode:index/objectStorageKey:ObjectStorageKey",
  inputs: {
    label: required(string),
    bucketAccesses: replacing(
      optional(
        objects({
          bucketName: required(string),
          permissions: required(string),
          region: computed(string),
          cluster: computed(string),
        }),
      ),
    ),
    regions: computed(strings),
  },
  secretOutputs: ["secretKey"],
  check: checkKey,
  create: async (cloud, inputs) => {
    const { label, bucketAccesses, regions } = inputs as KeyInputs;
    const made = await changeAccount(cloud, async (account) => {
      for (const { bucketName, region } of bucketAccesses ?? []) {
        const known = account.buckets.some((one) => one.label === bucketName && one.region === region);
        if (!known) throw refusal(400, `Bucket ${bucketName} does not exist in ${region}`, "bucket_access");
      }
      const record: KeyRecord = {
        id: takeId(account),
        label,
        accessKey: randomBytes(10).toString("hex").toUpperCase(),
        secretKey: randomBytes(20).toString("hex"),
        ...(bucketAccesses === undefined ? {} : { accesses: bucketAccesses.map(accessOf) }),
        regions: regions ?? [...new Set((bucketAccesses ?? []).map(({ region }) => region))],
      };
      account.keys.push(record);
      await addKey(cloud, account, record);
      return record;
    });
    return { id: String(made.id), outputs: outputsOf(made) };
  },
  read: (cloud, id) => {
    const found = readAccount(cloud).keys.find((one) => String(one.id) === id);
    return Promise.resolve(found && outputsOf(found));
  },
  update: (cloud, { id, inputs }) =>
    changeAccount(cloud, (account) => {
      const record = find(account.keys, id);
      const { label, regions = record.regions } = inputs as KeyInputs;
      Object.assign(record, { label, regions });
      return outputsOf(record);
    }),
  remove: (cloud, id) =>
    changeAccount(cloud, async (account) => {
      const record = account.keys.find((one) => String(one.id) === id);
      if (record === undefined) return;
      account.keys = account.keys.filter((one) => one !== record);
      await removeKey(cloud, account, record);
    }),
};

function accessOf({ bucketName, region, permissions }: BucketAccess): BucketAccess {
  return { bucketName, region, permissions };
}

function outputsOf({ label, accessKey, secretKey, accesses, regions }: KeyRecord): Properties {
  return {
    label,
    accessKey,
    secretKey,
    limited: accesses !== undefined,
    bucketAccesses: accesses?.map((access) => ({ ...access, cluster: `${access.region}-1` })),
    regions,
    regionsDetails: regions.map((id) => ({ id, s3Endpoint: endpointOf(id), endpointType: "E1" })),
  };
}
