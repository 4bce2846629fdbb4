import { z } from "zod";

const days = "a whole number of days from 1 to 59";

/** What people are told of without asking. Where to is a secret: `landfall:secrets` at `alerts.webhook`. */
export const alerts = z
  .strictObject({
    certificateDays: z
      .int(days)
      .min(1, days)
      .max(59, days)
      .default(21)
      .describe(
        "The server tells when the certificate that it renews has fewer days left than this, and when a renewal failed: once a day at most, and once more when all is well again. A change replaces the container that looks after it; the proxy goes on.",
      ),
  })
  .prefault({});

/** Alerts as the settings describe them. */
export type AlertSettings = z.infer<typeof alerts>;
