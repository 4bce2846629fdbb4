import { z } from "zod";
import { isNetwork } from "../firewall/cidr.ts";

const network =
  'a network by its first address, such as "203.0.113.0/24"; a single address is written "203.0.113.7/32"';

/** A network in CIDR form. */
export const cidr = z.string(network).refine(isNetwork, network);

/** A host name, fully qualified or not, in lower case. */
const hostNameText = 'a host name such as "learn.example.com"';
export const hostName = z
  .string(hostNameText)
  .regex(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/, hostNameText);
