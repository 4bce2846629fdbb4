import type { Fault } from "./faults.ts";
import type { SecretReader } from "./secrets.ts";
import type { SoundVariables } from "./variables.ts";

/** A bucket of an S3-compatible object storage, and the key that opens it. */
export interface BucketAddress {
  /** For example `https://eu-central-1.linodeobjects.com`. */
  readonly endpoint: string;
  readonly bucket: string;
  /** What requests are signed for. */
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Certificates to trust, in PEM form; undefined for those that Node.js trusts. */
  readonly authority?: string;
}

/** Where media lie, or undefined where there is no object storage. */
export function mediaAddress(
  values: SoundVariables,
  { secret, faults }: { readonly secret: SecretReader; readonly faults: Fault[] },
): BucketAddress | undefined {
  const endpoint = secret("MEDIA_ENDPOINT_FILE", 1);
  const accessKey = secret("MEDIA_ACCESS_KEY_FILE", 1);
  const secretKey = secret("MEDIA_SECRET_KEY_FILE", 1);
  const authority = secret("MEDIA_CA_FILE", 1);
  const bucket = values.MEDIA_BUCKET;
  if (bucket === undefined) return undefined;
  const needed = ["MEDIA_ENDPOINT_FILE", "MEDIA_ACCESS_KEY_FILE", "MEDIA_SECRET_KEY_FILE"] as const;
  const missing = needed.filter((name) => values[name] === undefined);
  if (missing.length > 0) {
    faults.push({
      name: missing.join(", "),
      given: "nothing",
      allowed: `${needed.join(", ")}, as MEDIA_BUCKET is given`,
    });
  }
  if (endpoint !== "" && !/^https?:\/\/[^/]+$/.test(endpoint)) {
    faults.push({
      name: "MEDIA_ENDPOINT_FILE",
      given: "a file with something else",
      allowed: 'the path of a file that holds an address such as "https://eu-central-1.linodeobjects.com"',
    });
  }
  return {
    endpoint,
    bucket,
    region: values.MEDIA_REGION ?? "",
    accessKey,
    secretKey,
    ...(authority === "" ? {} : { authority }),
  };
}
