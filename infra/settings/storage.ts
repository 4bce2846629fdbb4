import { z } from "zod";

const days = (allowed: string) => z.int(allowed).min(1, allowed).max(3650, allowed);
const wholeDays = "a whole number of days from 1 to 3650";
const region = 'a Linode region with object storage, such as "eu-central"';
const suffix = "1 to 16 lower-case letters and digits";

/** Where files lie that are no rows. */
export const storage = z
  .discriminatedUnion(
    "provider",
    [
      z.strictObject({
        provider: z.literal("none").default("none").describe("No object storage: what needs it is not offered."),
      }),
      z.strictObject({
        provider: z
          .literal("linode")
          .describe(
            "Two private buckets of Linode's, each with a key that opens nothing else. The service has that of the one for its files.",
          ),
        region: z
          .string(region)
          .regex(/^[a-z]{2}-[a-z]+/, region)
          .describe("Where the buckets are. A change would make others, which protection refuses."),
        suffix: z
          .string(suffix)
          .regex(/^[a-z0-9]{1,16}$/, suffix)
          .optional()
          .describe(
            "What the buckets' names end with, where somebody else has them without it. A change would make other buckets, which protection refuses.",
          ),
        media: z
          .strictObject({
            versioning: z
              .boolean("true or false")
              .default(true)
              .describe("Whether what was overwritten or deleted is kept for a while. A change is in place."),
            keepOldDays: days(wholeDays).default(30).describe("Days for which it is kept. A change is in place."),
          })
          .prefault({})
          .describe("The bucket of the service's files."),
        backups: z
          .strictObject({
            retentionDays: days(wholeDays)
              .default(90)
              .describe(
                "Days after which a backup is deleted. A change is in place, and counts for those there already.",
              ),
            keepOldDays: days(wholeDays)
              .default(14)
              .describe(
                "Days for which what was deleted or overwritten can be had back: the bucket keeps versions. A change is in place.",
              ),
          })
          .prefault({})
          .describe("The bucket of the backups."),
      }),
    ],
    { error: '"none" or "linode"' },
  )
  .prefault({});

/** Object storage as the settings describe it. */
export type StorageSettings = z.infer<typeof storage>;
/** Object storage of Linode's as the settings describe it. */
export type LinodeStorageSettings = Extract<StorageSettings, { provider: "linode" }>;
