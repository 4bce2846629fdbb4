import type { Vendor } from "../plugin/resource.ts";
import { firewallDevice } from "./firewall-device.ts";
import { firewall } from "./firewall.ts";
import { instance } from "./instance.ts";
import { lists } from "./lists.ts";
import { volume } from "./volume.ts";
import { vpcSubnet } from "./vpc-subnet.ts";
import { vpc } from "./vpc.ts";

/** What stands in for Linode. */
export const linode: Vendor = {
  name: "linode",
  tokenVariable: "LINODE_TOKEN",
  token: ({ tokens }) => tokens.linode,
  resources: [instance, vpc, vpcSubnet, firewall, firewallDevice, volume],
  invokes: lists,
};
