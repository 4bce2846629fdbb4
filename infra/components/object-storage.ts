import * as linode from "@pulumi/linode";
import * as pulumi from "@pulumi/pulumi";
import type { LinodeStorageSettings, StorageSettings } from "../settings/storage.ts";
import { Bucket, type MediaStore } from "./bucket.ts";
import { labelLengths, linodeLabel } from "./linode-names.ts";
import type { Server } from "./server.ts";
import type { ServicePart } from "./service-part.ts";

/** Arguments of an ObjectStorage. */
export interface ObjectStorageArgs {
  /** What names begin with, for example `landfall-production`. */
  readonly prefix: string;
  readonly settings: LinodeStorageSettings;
}

/** What object storage adds to containers. */
export interface Storage {
  /** What the service on a server needs for its files; nothing where there is no object storage. */
  media(from: Server): readonly ServicePart[];
  /** What the migration on a server needs to put files there; undefined where there is no object storage. */
  mediaStore(from: Server): MediaStore | undefined;
  /** What whoever keeps backups on a server needs for them; nothing where there is no object storage. */
  backups(from: Server): readonly ServicePart[];
}

/** Linode's object storage: a bucket for the service's files and one for backups. Neither's key opens the other. */
export class ObjectStorage extends pulumi.ComponentResource implements Storage {
  private readonly mediaBucket: Bucket;
  private readonly backupsBucket: Bucket;

  constructor({ prefix, settings }: ObjectStorageArgs, options?: pulumi.ComponentResourceOptions) {
    super("landfall:infra:ObjectStorage", "object-storage", {}, options);
    const { region, suffix, media, backups } = settings;
    const token = new pulumi.Config("linode").getSecret("token");
    // Versions and the life of objects are set over S3, for which the provider makes a key for a moment. A key of ours
    // that may do so would have to open every bucket of the account.
    const provider = new linode.Provider(
      "object-storage",
      { objUseTempKeys: true, ...(token === undefined ? {} : { token }) },
      { parent: this },
    );
    const bucket = (noun: "media" | "backups", keep: Keep): Bucket => {
      const parts = [prefix, noun, ...(suffix === undefined ? [] : [suffix])];
      return new Bucket(
        { noun, label: linodeLabel(parts, labelLengths.bucket), region, provider, ...keep },
        { parent: this },
      );
    };
    this.mediaBucket = bucket("media", {
      versioning: media.versioning,
      expirationDays: undefined,
      noncurrentDays: media.keepOldDays,
    });
    this.backupsBucket = bucket("backups", {
      versioning: true,
      expirationDays: backups.retentionDays,
      noncurrentDays: backups.keepOldDays,
    });
    this.registerOutputs();
  }

  media(from: Server): readonly ServicePart[] {
    return [this.mediaBucket.part(from, ["storage"])];
  }

  mediaStore(from: Server): MediaStore {
    return this.mediaBucket.store(from);
  }

  backups(from: Server): readonly ServicePart[] {
    return [this.backupsBucket.part(from, [])];
  }
}

interface Keep {
  readonly versioning: boolean;
  readonly expirationDays: number | undefined;
  readonly noncurrentDays: number;
}

/** The object storage that the settings choose. */
export function createStorage({ prefix, settings }: { prefix: string; settings: StorageSettings }): Storage {
  return settings.provider === "none"
    ? { media: () => [], mediaStore: () => undefined, backups: () => [] }
    : new ObjectStorage({ prefix, settings });
}
