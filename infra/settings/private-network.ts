import { z } from "zod";

const subnet = 'a private network such as "10.77.0.0/24"';

/** The network that servers have among themselves. */
export const privateNetwork = z
  .strictObject({
    subnet: z
      .string(subnet)
      .regex(/^10\.\d{1,3}\.\d{1,3}(\.\d{1,3})?\/(1[6-9]|2\d)$/, subnet)
      .refine((value) => z.cidrv4().safeParse(value).success, subnet)
      .default("10.77.0.0/24")
      .describe(
        "Addresses of the servers' private network (VPC). Docker's own networks must not overlap it. Changes only with a new environment.",
      ),
  })
  .prefault({});

/** The private network as the settings describe it. */
export type PrivateNetworkSettings = z.infer<typeof privateNetwork>;
