import type { Fault, Properties } from "../plugin/resource.ts";
import { isRecord, UNKNOWN } from "../plugin/values.ts";
import { bucketLabel, checkChoice, checkLabel, checkRange, checkRegion, keyLabel, refuseUnsupported } from "./rules.ts";

/**
 * The vendor's rules for a bucket: https://techdocs.akamai.com/linode-api/reference/post-object-storage-bucket
 *
 * Versions and the life of objects are set with a key, the resource's or the provider's own. Only the first can be
 * seen here, so that there is none is not found out in a rehearsal.
 */
export function checkBucket(inputs: Properties): Fault[] {
  const { label, region, acl, lifecycleRules, accessKey, secretKey } = inputs;
  const faults = [
    ...checkLabel(label, bucketLabel),
    ...checkRegion(region),
    ...checkChoice("acl", acl, ["private", "public-read", "authenticated-read", "public-read-write"]),
    ...refuseUnsupported(inputs, ["cluster", "cert", "endpointType", "s3Endpoint"]),
  ];
  const add = (property: string, reason: string): void => void faults.push({ property, reason });
  if (typeof label === "string" && /^\d+(\.\d+){3}$/.test(label))
    add("label", `"${label}" must not look like an address`);
  if (region === undefined) add("region", "is required");
  if (acl !== undefined && acl !== UNKNOWN && acl !== "private") add("acl", "the rehearsal stands in for private only");
  if ((accessKey === undefined) !== (secretKey === undefined)) {
    add(
      accessKey === undefined ? "accessKey" : "secretKey",
      "accessKey and secretKey are given together or not at all",
    );
  }
  const rules: readonly unknown[] = Array.isArray(lifecycleRules) ? lifecycleRules : [];
  rules.forEach((rule, at) => {
    if (isRecord(rule)) faults.push(...checkRule(rule, `lifecycleRules[${String(at)}]`));
  });
  return faults;
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html
function checkRule(rule: Properties, path: string): Fault[] {
  const { expiration, noncurrentVersionExpiration: old, abortIncompleteMultipartUploadDays: days } = rule;
  const most = 2 ** 31 - 1;
  const faults = [
    ...checkRange(`${path}.abortIncompleteMultipartUploadDays`, days, [1, most]),
    ...(isRecord(expiration) ? checkRange(`${path}.expiration.days`, expiration["days"], [1, most]) : []),
    ...(isRecord(old) ? checkRange(`${path}.noncurrentVersionExpiration.days`, old["days"], [1, most]) : []),
  ];
  if (expiration === undefined && old === undefined && days === undefined) {
    faults.push({ property: path, reason: "has nothing that it does: neither an expiration nor an upload to abort" });
  }
  if (isRecord(expiration)) {
    const given = ["date", "days", "expiredObjectDeleteMarker"].filter((name) => expiration[name] !== undefined);
    if (given.length !== 1) {
      faults.push({ property: `${path}.expiration`, reason: "needs one of date, days and expiredObjectDeleteMarker" });
    }
  }
  return faults;
}

/** The vendor's rules for a key: https://techdocs.akamai.com/linode-api/reference/post-object-storage-keys */
export function checkKey({ label, bucketAccesses, regions }: Properties): Fault[] {
  const accesses: readonly unknown[] = Array.isArray(bucketAccesses) ? bucketAccesses : [];
  const faults = [
    ...checkLabel(label, keyLabel),
    ...(Array.isArray(regions) ? regions.flatMap((region: unknown) => checkRegion(region)) : []),
    ...accesses.flatMap((access, at) => (isRecord(access) ? checkAccess(access, `bucketAccesses[${String(at)}]`) : [])),
  ];
  if (regions === undefined && bucketAccesses === undefined) {
    faults.push({ property: "regions", reason: "is required for a key that is not limited to buckets" });
  }
  return faults;
}

function checkAccess({ permissions, region, cluster }: Properties, path: string): Fault[] {
  const faults = checkChoice(`${path}.permissions`, permissions, ["read_only", "read_write"]);
  if (cluster !== undefined) {
    faults.push({ property: `${path}.cluster`, reason: "is deprecated; the rehearsal wants a region in its place" });
  } else if (region === undefined) faults.push({ property: `${path}.region`, reason: "is required" });
  else faults.push(...checkChoice(`${path}.region`, region, checkableRegions(region)));
  return faults;
}

function checkableRegions(region: unknown): string[] {
  return checkRegion(region).length === 0 && typeof region === "string" ? [region] : [];
}
