import { z } from "zod";
import { isNetwork } from "../firewall/cidr.ts";

const subnet = 'a private network by its first address, from 10.0.0.0/16 to /29, such as "10.77.0.0/24"';

/** The network that servers have among themselves. */
export const privateNetwork = z
  .strictObject({
    subnet: z
      .string(subnet)
      .regex(/^10\.\d{1,3}\.\d{1,3}(\.\d{1,3})?\/(1[6-9]|2\d)$/, subnet)
      .refine(isNetwork, subnet)
      .default("10.77.0.0/24")
      .describe(
        "Addresses of the servers' private network (VPC). Docker's own networks must not overlap it. Changes only with a new environment.",
      ),
  })
  .prefault({});

/** The private network as the settings describe it. */
export type PrivateNetworkSettings = z.infer<typeof privateNetwork>;
