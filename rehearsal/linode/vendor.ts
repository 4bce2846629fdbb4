import type { Vendor } from "../plugin/resource.ts";
import { databasePostgresql } from "./database-postgresql.ts";
import { domainRecord } from "./domain-record.ts";
import { domain } from "./domain.ts";
import { firewallDevice } from "./firewall-device.ts";
import { firewall } from "./firewall.ts";
import { instance } from "./instance.ts";
import { lists } from "./lists.ts";
import { nodeBalancerConfig } from "./node-balancer-config.ts";
import { nodeBalancerNode } from "./node-balancer-node.ts";
import { nodeBalancer } from "./node-balancer.ts";
import { objectStorageBucket } from "./object-storage-bucket.ts";
import { objectStorageKey } from "./object-storage-key.ts";
import { placementGroupAssignment } from "./placement-group-assignment.ts";
import { placementGroup } from "./placement-group.ts";
import { volume } from "./volume.ts";
import { vpcSubnet } from "./vpc-subnet.ts";
import { vpc } from "./vpc.ts";

/** What stands in for Linode. */
export const linode: Vendor = {
  name: "linode",
  tokenVariable: "LINODE_TOKEN",
  token: ({ tokens }) => tokens.linode,
  resources: [
    ...[instance, placementGroup, placementGroupAssignment, volume],
    ...[vpc, vpcSubnet, firewall, firewallDevice],
    ...[nodeBalancer, nodeBalancerConfig, nodeBalancerNode],
    ...[databasePostgresql, objectStorageBucket, objectStorageKey],
    ...[domain, domainRecord],
  ],
  invokes: lists,
};
