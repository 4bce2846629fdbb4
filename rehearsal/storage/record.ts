/** A bucket of the object storage, as the account has it. */
export interface BucketRecord {
  readonly label: string;
  readonly region: string;
  versioning: boolean;
  readonly created: string;
}

/** What a key may do with a bucket. */
export interface BucketAccess {
  readonly bucketName: string;
  readonly region: string;
  readonly permissions: "read_only" | "read_write";
}

/** A key to the object storage, as the account has it. */
export interface KeyRecord {
  readonly id: number;
  label: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** What it is limited to; undefined for a key to everything. */
  readonly accesses?: readonly BucketAccess[];
  regions: readonly string[];
}
