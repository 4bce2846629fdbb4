import type { Cloud } from "../cloud/cloud.ts";
import type { Properties, Resource } from "../plugin/resource.ts";
import { endpointOf, makeBucket, removeBucket, setVersioning, startStorage } from "../storage/storage.ts";
import type { BucketRecord } from "../storage/record.ts";
import { changeAccount, readAccount, refusal, timestamp, type Account } from "./account.ts";
import { checkBucket } from "./object-storage-rules.ts";
import { boolean, computed, integer, objects, optional, replacing, required, string } from "./properties.ts";

interface BucketInputs extends Properties {
  readonly label: string;
  readonly region: string;
  readonly versioning?: boolean;
  readonly accessKey?: string;
  readonly secretKey?: string;
}

/**
 * A bucket of the object storage. Rules of its lifecycle are held against the vendor's and noted, and nothing goes by
 * them: in a rehearsal no days pass.
 */
export const objectStorageBucket: Resource = {
  token: "linode:index/objectStorageBucket:ObjectStorageBucket",
  inputs: {
    label: replacing(required(string)),
    region: replacing(computed(string)),
    cluster: replacing(computed(string)),
    acl: computed(string),
    corsEnabled: computed(boolean),
    versioning: computed(boolean),
    lifecycleRules: optional(
      objects({
        id: computed(string),
        prefix: optional(string),
        enabled: required(boolean),
        abortIncompleteMultipartUploadDays: optional(integer),
        expiration: optional({
          type: "object",
          properties: {
            date: optional(string),
            days: optional(integer),
            expiredObjectDeleteMarker: optional(boolean),
          },
        }),
        noncurrentVersionExpiration: optional({ type: "object", properties: { days: required(integer) } }),
      }),
    ),
    accessKey: optional(string),
    secretKey: { ...optional(string), secret: true },
    cert: optional({
      type: "object",
      properties: {
        certificate: { ...required(string), secret: true },
        privateKey: { ...required(string), secret: true },
      },
    }),
    endpointType: replacing(computed(string)),
    s3Endpoint: replacing(computed(string)),
  },
  secretOutputs: ["secretKey"],
  check: checkBucket,
  create: async (cloud, inputs) => {
    const wanted = inputs as BucketInputs;
    const made = await changeAccount(cloud, async (account) => {
      const { label, region, versioning = false } = wanted;
      if (account.buckets.some((one) => one.label === label && one.region === region)) {
        throw refusal(400, `Bucket ${label} already exists in ${region}`, "label");
      }
      const record: BucketRecord = { label, region, versioning, created: timestamp() };
      await startStorage(cloud, account, region);
      await makeOver(cloud, record);
      account.buckets.push(record);
      if (needsKey(wanted)) requireKey(account, wanted);
      if (versioning) await setVersioning(cloud, record);
      return record;
    });
    return { id: `${made.region}:${made.label}`, outputs: outputsOf(made, inputs) };
  },
  read: (cloud, id, outputs) => {
    const found = findBucket(readAccount(cloud), id);
    return Promise.resolve(found && outputsOf(found, outputs));
  },
  update: (cloud, { id, before, inputs }) =>
    changeAccount(cloud, async (account) => {
      const record = findBucket(account, id);
      if (record === undefined) throw refusal(404, `Not found: ${id}`);
      const wanted = inputs as BucketInputs;
      const { versioning = record.versioning } = wanted;
      if (needsKey(wanted)) requireKey(account, wanted);
      if (versioning !== record.versioning) await setVersioning(cloud, Object.assign(record, { versioning }));
      return outputsOf(record, { ...kept(before), ...inputs });
    }),
  remove: (cloud, id) =>
    changeAccount(cloud, async (account) => {
      const record = findBucket(account, id);
      if (record === undefined) return;
      await startStorage(cloud, account, record.region);
      await removeBucket(cloud, record);
      account.buckets = account.buckets.filter((one) => one !== record);
    }),
};

/** A call that was killed may have left one of this name, which the account knows nothing of. */
async function makeOver(cloud: Cloud, record: BucketRecord): Promise<void> {
  try {
    await makeBucket(cloud, record);
  } catch (error) {
    if (!/BucketAlready(OwnedByYou|Exists)/.test(String(error))) throw error;
  }
}

function findBucket({ buckets }: Account, id: string): BucketRecord | undefined {
  return buckets.find(({ region, label }) => `${region}:${label}` === id);
}

function needsKey({ versioning, lifecycleRules }: BucketInputs): boolean {
  return versioning !== undefined || lifecycleRules !== undefined;
}

/** @throws as S3 does where the key that a bucket is set up with may not write to it */
function requireKey(account: Account, { label, region, accessKey, secretKey }: BucketInputs): void {
  if (accessKey === undefined) return;
  const key = account.keys.find((one) => one.accessKey === accessKey && one.secretKey === secretKey);
  const allowed =
    key !== undefined &&
    (key.accesses === undefined ||
      key.accesses.some(
        (one) => one.bucketName === label && one.region === region && one.permissions === "read_write",
      ));
  if (!allowed) throw refusal(403, `AccessDenied: the key ${accessKey} may not write to bucket ${label}`);
}

function kept(before: Properties): Properties {
  return { acl: before["acl"], corsEnabled: before["corsEnabled"] };
}

function outputsOf({ label, region, versioning }: BucketRecord, inputs: Properties): Properties {
  const rules = inputs["lifecycleRules"];
  return {
    acl: inputs["acl"] ?? "private",
    corsEnabled: inputs["corsEnabled"] ?? true,
    accessKey: inputs["accessKey"],
    secretKey: inputs["secretKey"],
    lifecycleRules: Array.isArray(rules)
      ? rules.map((rule: Properties, at) => ({ id: `tf-rule-${String(at)}`, ...rule }))
      : undefined,
    ...{ label, region, versioning },
    cluster: `${region}-1`,
    endpointType: "E1",
    endpoint: endpointOf(region),
    s3Endpoint: endpointOf(region),
    hostname: `${label}.${endpointOf(region)}`,
  };
}
