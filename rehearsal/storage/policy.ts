import type { BucketRecord, KeyRecord } from "./record.ts";

/** What a key that may only read may do (docs.aws.amazon.com/AmazonS3, "Actions defined by Amazon S3"). */
const readActions = [
  "s3:GetBucketLocation",
  "s3:GetBucketVersioning",
  "s3:GetObject",
  "s3:GetObjectAttributes",
  "s3:GetObjectTagging",
  "s3:GetObjectVersion",
  "s3:ListBucket",
  "s3:ListBucketMultipartUploads",
  "s3:ListBucketVersions",
  "s3:ListMultipartUploadParts",
];

/** The policy of a bucket as S3 reads it; undefined when no key is limited to it. */
export function renderPolicy({ label, region }: BucketRecord, keys: readonly KeyRecord[]): string | undefined {
  const resources = [`arn:aws:s3:::${label}`, `arn:aws:s3:::${label}/*`];
  const statements = (["read_only", "read_write"] as const).flatMap((permissions) => {
    const holders = keys.filter(({ accesses = [] }) =>
      accesses.some((one) => one.bucketName === label && one.region === region && one.permissions === permissions),
    );
    if (holders.length === 0) return [];
    return {
      Effect: "Allow",
      Principal: { AWS: holders.map(({ accessKey }) => accessKey) },
      Action: permissions === "read_write" ? ["s3:*"] : readActions,
      Resource: resources,
    };
  });
  return statements.length === 0 ? undefined : JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
