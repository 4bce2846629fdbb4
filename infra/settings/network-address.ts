import { z } from "zod";

const network = 'a network such as "203.0.113.0/24"';

/** A network in CIDR form. */
export const cidr = z.union([z.cidrv4(), z.cidrv6()], network);

/** A host name, fully qualified or not, in lower case. */
const hostNameText = 'a host name such as "learn.example.com"';
export const hostName = z
  .string(hostNameText)
  .regex(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/, hostNameText);
