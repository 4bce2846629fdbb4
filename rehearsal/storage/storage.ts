import { createHmac } from "node:crypto";
import { putFiles } from "../../infra/engine/archive.ts";
import { execute } from "../../infra/engine/execute.ts";
import { openEngine } from "../../tools/engine.ts";
import { addressOf, labelsOf, nameOf, type Cloud } from "../cloud/cloud.ts";
import { createContainer, inspectContainer, removeContainer } from "../cloud/container.ts";
import { switchOn } from "../cloud/endpoints.ts";
import { imageOf } from "../cloud/images.ts";
import { awaitState } from "../cloud/wait.ts";
import { publishHost } from "../internet/linode-names.ts";
import { serverCertificate } from "../internet/server-certificate.ts";
import { refusal, type Account } from "../linode/account.ts";
import { renderPolicy } from "./policy.ts";
import type { BucketRecord, KeyRecord } from "./record.ts";

/** Addresses of the public network that object storage gets, one a region: 198.51.100.240 to .247. */
const addresses = { first: 240, count: 8 };

const scripts = "/usr/local/lib/rehearsal";

/** Name under which the object storage of a region is reached. Buckets have names below it. */
export function endpointOf(region: string): string {
  return `${region}-1.linodeobjects.com`;
}

function nounOf(region: string): string {
  return `storage-${region}`;
}

/**
 * Lets the object storage of a region run, with the keys to it. Does nothing where it runs already.
 *
 * @throws when it does not answer in time
 */
export async function startStorage(cloud: Cloud, account: Account, region: string): Promise<void> {
  const known = account.storageRegions.includes(region);
  if (known && (await inspectContainer(cloud, nounOf(region)))?.State.Running === true) return;
  const address = addressOfRegion(cloud, account, region);
  await removeContainer(cloud, nounOf(region));
  await openEngine().createVolume({ Name: nameOf(cloud, nounOf(region)), Labels: labelsOf(cloud) });
  const host = endpointOf(region);
  const container = await createContainer(cloud, {
    noun: nounOf(region),
    image: imageOf(cloud, "storage"),
    address,
    environment: { STORAGE_HOST: host, STORAGE_REGION: region },
    mounts: [`${nameOf(cloud, nounOf(region))}:/data`],
    settings: {
      CapDrop: ["ALL"],
      CapAdd: ["NET_BIND_SERVICE", "DAC_OVERRIDE"],
      SecurityOpt: ["no-new-privileges"],
      Init: true,
      RestartPolicy: { Name: "on-failure", MaximumRetryCount: 5 },
    },
  });
  const pair = await serverCertificate(cloud, [host, `*.${host}`]);
  const root = ["root", createHmac("sha256", cloud.tokens.linode).update("object storage").digest("hex")];
  await putFiles(
    openEngine(),
    { container: container.id, folder: "/run/storage" },
    {
      root: { content: `${root.join("\n")}\n`, mode: 0o400, owner: 0 },
      "server.crt": { content: pair.certificate, mode: 0o444, owner: 0 },
      "server.key": { content: pair.privateKey, mode: 0o400, owner: 0 },
    },
  );
  await switchOn(cloud, container);
  const works = (): Promise<unknown> => call(cloud, region, { method: "GET", target: "" });
  await awaitState(cloud, { noun: nounOf(region), what: `the object storage of ${region}`, seconds: 30, works });
  for (const key of account.keys.filter(({ accesses }) => accesses === undefined)) await addUser(cloud, region, key);
  for (const name of [host, `*.${host}`]) await publishHost(cloud, name, address);
  // Last, so that what was cut off in between is done again.
  if (!known) account.storageRegions.push(region);
}

/** Makes a bucket. @throws where another one has its name */
export async function makeBucket(cloud: Cloud, { region, label }: BucketRecord): Promise<void> {
  await call(cloud, region, { method: "PUT", target: label });
}

/** Removes a bucket. One that is gone is a success. @throws the vendor's refusal when there is something in it */
export async function removeBucket(cloud: Cloud, { region, label }: BucketRecord): Promise<void> {
  try {
    await call(cloud, region, { method: "DELETE", target: label });
  } catch (error) {
    const text = String(error);
    if (text.includes("NoSuchBucket")) return;
    if (text.includes("BucketNotEmpty") || text.includes("VersionedBucketNotEmpty")) {
      throw refusal(400, `Bucket ${label} is not empty. Please delete all objects and versions first`);
    }
    throw error;
  }
}

/** Has a bucket keep versions, or no new ones. */
export async function setVersioning(cloud: Cloud, { region, label, versioning }: BucketRecord): Promise<void> {
  const status = versioning ? "Enabled" : "Suspended";
  const namespace = "http://s3.amazonaws.com/doc/2006-03-01/";
  const body = `<VersioningConfiguration xmlns="${namespace}"><Status>${status}</Status></VersioningConfiguration>`;
  await call(cloud, region, { method: "PUT", target: `${label}?versioning=`, body });
}

/** Lets a key in: a limited one to its buckets, another to everything there is and will be. */
export async function addKey(cloud: Cloud, account: Account, key: KeyRecord): Promise<void> {
  for (const region of regionsOf(account, key)) {
    await startStorage(cloud, account, region);
    await addUser(cloud, region, key);
  }
  await putPolicies(cloud, account, key);
}

/** Lets a key in no more. */
export async function removeKey(cloud: Cloud, account: Account, key: KeyRecord): Promise<void> {
  const regions = regionsOf(account, key);
  for (const region of regions) await startStorage(cloud, account, region);
  await putPolicies(cloud, account, key);
  for (const region of regions) {
    await run(cloud, region, [`${scripts}/users.sh`, "delete-user", "--access", key.accessKey]);
  }
}

function regionsOf(account: Account, { accesses }: KeyRecord): readonly string[] {
  return accesses === undefined ? account.storageRegions : [...new Set(accesses.map(({ region }) => region))];
}

async function addUser(cloud: Cloud, region: string, { accessKey, secretKey, accesses }: KeyRecord): Promise<void> {
  const role = accesses === undefined ? "admin" : "user";
  const user = ["--access", accessKey, "--secret", secretKey, "--role", role];
  try {
    await run(cloud, region, [`${scripts}/users.sh`, "create-user", ...user]);
  } catch (error) {
    // The storage was made anew over data that has the key already.
    if (!String(error).includes("already exists")) throw error;
  }
}

/** Brings the policies of the buckets that a key is for in line with the account's keys. */
async function putPolicies(cloud: Cloud, account: Account, { accesses = [] }: KeyRecord): Promise<void> {
  const buckets = account.buckets.filter(({ label, region }) =>
    accesses.some((one) => one.bucketName === label && one.region === region),
  );
  for (const bucket of buckets) {
    const policy = renderPolicy(bucket, account.keys);
    const target = `${bucket.label}?policy=`;
    const request = policy === undefined ? { method: "DELETE", target } : { method: "PUT", target, body: policy };
    await call(cloud, bucket.region, request);
  }
}

function addressOfRegion(cloud: Cloud, account: Account, region: string): string {
  const known = account.storageRegions.indexOf(region);
  const at = known === -1 ? account.storageRegions.length : known;
  if (at < addresses.count) return addressOf(cloud, addresses.first + at);
  throw refusal(400, `The rehearsal has object storage in ${String(addresses.count)} regions at most`, "region");
}

interface StorageRequest {
  readonly method: string;
  /** Bucket and query: `media?policy=`. */
  readonly target: string;
  readonly body?: string;
}

/** Calls the object storage as its owner. @returns the answer's body */
function call(cloud: Cloud, region: string, { method, target, body = "" }: StorageRequest): Promise<string> {
  return run(cloud, region, [`${scripts}/call.sh`, method, target, body]);
}

async function run(cloud: Cloud, region: string, command: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await execute(openEngine(), {
    container: nameOf(cloud, nounOf(region)),
    command: [...command],
    signal: AbortSignal.timeout(30_000),
  });
  if (exitCode === 0) return stdout;
  throw new Error(`Object storage of ${region}: ${stderr.trim() || stdout.trim()}`);
}
