import * as linode from "@pulumi/linode";
import * as pulumi from "@pulumi/pulumi";
import { labelLengths, linodeLabel } from "./linode-names.ts";
import type { Server } from "./server.ts";
import type { DeliveredFiles } from "./service.ts";
import type { ServicePart } from "./service-part.ts";

/** Arguments of a Bucket. */
export interface BucketArgs {
  /** What it holds, for example `media`: what its variables and files begin with. */
  readonly noun: "media" | "backups";
  /** Its name, which nobody else may have. */
  readonly label: string;
  readonly region: string;
  readonly versioning: boolean;
  /** Days after which an object is deleted; undefined for never. */
  readonly expirationDays: number | undefined;
  /** Days for which versions are kept that are no longer the newest. */
  readonly noncurrentDays: number;
  /** The provider that may make keys of its own for what only S3 can set. */
  readonly provider: linode.Provider;
}

/** What the migration's container needs to put files into a store. */
export interface MediaStore {
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** Files below /run/secrets. */
  readonly files: DeliveredFiles;
  /** Files and folders of the server that it only reads, by their path in the container. */
  readonly hostFiles: Readonly<Record<string, string>>;
  /** Whether it is outside of the environment. */
  readonly leadsOut: boolean;
}

/** Days after which an upload that was begun and not finished is deleted. */
const unfinishedDays = 7;

/** Where a server of Linode's keeps whom it trusts. */
const trust = { host: "/etc/ssl/certs", container: "/run/trust" } as const;

/** A private bucket, protected, with the one key that opens it and nothing else. */
export class Bucket extends pulumi.ComponentResource {
  private readonly args: BucketArgs;
  /** For example `https://eu-central-1.linodeobjects.com`. */
  private readonly endpoint: pulumi.Output<string>;
  private readonly accessKey: pulumi.Output<string>;
  private readonly secretKey: pulumi.Output<string>;

  constructor(args: BucketArgs, options?: pulumi.ComponentResourceOptions) {
    const { noun, label, region, versioning, expirationDays, noncurrentDays, provider } = args;
    super("landfall:infra:Bucket", noun, {}, options);
    this.args = args;
    const bucket = new linode.ObjectStorageBucket(
      noun,
      {
        label,
        region,
        acl: "private",
        corsEnabled: false,
        versioning,
        lifecycleRules: [
          {
            id: "upkeep",
            enabled: true,
            abortIncompleteMultipartUploadDays: unfinishedDays,
            ...(expirationDays === undefined ? {} : { expiration: { days: expirationDays } }),
            noncurrentVersionExpiration: { days: noncurrentDays },
          },
        ],
      },
      { parent: this, protect: true, provider },
    );
    const key = new linode.ObjectStorageKey(
      noun,
      {
        label: linodeLabel([label], labelLengths.objectStorageKey),
        regions: [region],
        bucketAccesses: [{ bucketName: bucket.label, region, permissions: "read_write" }],
      },
      { parent: this, provider, additionalSecretOutputs: ["accessKey"] },
    );
    this.endpoint = bucket.s3Endpoint.apply((host) => `https://${host.replace(/^https:\/\//, "").replace(/\/$/, "")}`);
    this.accessKey = pulumi.secret(key.accessKey);
    this.secretKey = pulumi.secret(key.secretKey);
    this.registerOutputs({ label: bucket.label, endpoint: this.endpoint });
  }

  /** What a container on a server needs to use it. Whom that server trusts, the container trusts. */
  part(from: Server, checks: readonly string[]): ServicePart {
    const { noun, label, region } = this.args;
    const variable = noun.toUpperCase();
    const isLinode = from.publicAddress !== undefined;
    return {
      environment: {
        [`${variable}_BUCKET`]: label,
        [`${variable}_REGION`]: region,
        [`${variable}_ENDPOINT_FILE`]: `/run/secrets/${noun}_endpoint`,
        [`${variable}_ACCESS_KEY_FILE`]: `/run/secrets/${noun}_access_key`,
        [`${variable}_SECRET_KEY_FILE`]: `/run/secrets/${noun}_secret_key`,
        ...(isLinode ? { [`${variable}_CA_FILE`]: `${trust.container}/ca-certificates.crt` } : {}),
      },
      files: {
        [`${noun}_endpoint`]: this.endpoint,
        [`${noun}_access_key`]: this.accessKey,
        [`${noun}_secret_key`]: this.secretKey,
      },
      // The whole folder: the file in it is replaced when the server's trust changes.
      hostFiles: isLinode ? { [trust.container]: trust.host } : {},
      leadsOut: true,
      checks,
    };
  }

  /** The same as a store of the migration's: one address, its key in files. */
  store(from: Server): MediaStore {
    const { noun, label, region } = this.args;
    const { environment, files, hostFiles, leadsOut } = this.part(from, []);
    const variable = noun.toUpperCase();
    const pathOf = (name: string): Record<string, string> => {
      const path = environment[`${variable}_${name}`];
      return path === undefined ? {} : { [`${variable}_${name}`]: path };
    };
    const authority = environment[`${variable}_CA_FILE`];
    const address = this.endpoint.apply((endpoint) => {
      const query = new URLSearchParams({ endpoint, region, ...(authority === undefined ? {} : { ca: authority }) });
      return `s3://${label}?${query.toString()}`;
    });
    return {
      environment: { [`${variable}_STORE`]: address, ...pathOf("ACCESS_KEY_FILE"), ...pathOf("SECRET_KEY_FILE") },
      files: Object.fromEntries(Object.entries(files).filter(([name]) => !name.endsWith("_endpoint"))),
      hostFiles,
      leadsOut,
    };
  }
}
