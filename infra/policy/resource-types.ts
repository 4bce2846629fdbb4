import type { PlannedResource } from "./plan.ts";

/** Types of resources that rules are about, as URNs name them. */
export const types = {
  stack: "pulumi:pulumi:Stack",
  container: "docker:index/container:Container",
  network: "docker:index/network:Network",
  volume: "docker:index/volume:Volume",
  image: "docker:index/remoteImage:RemoteImage",
  tag: "docker:index/tag:Tag",
  dockerProvider: "pulumi:providers:docker",
  instance: "linode:index/instance:Instance",
  balancer: "linode:index/nodeBalancer:NodeBalancer",
  firewall: "linode:index/firewall:Firewall",
  firewallDevice: "linode:index/firewallDevice:FirewallDevice",
  disk: "linode:index/volume:Volume",
  managedPostgres: "linode:index/databasePostgresqlV2:DatabasePostgresqlV2",
  bucket: "linode:index/objectStorageBucket:ObjectStorageBucket",
  domain: "linode:index/domain:Domain",
  domainRecord: "linode:index/domainRecord:DomainRecord",
  zone: "cloudflare:index/zone:Zone",
  zoneSetting: "cloudflare:index/zoneSetting:ZoneSetting",
  record: "cloudflare:index/dnsRecord:DnsRecord",
  ruleset: "cloudflare:index/ruleset:Ruleset",
  gate: "pulumi-nodejs:dynamic/gate:",
  serverGate: "pulumi-nodejs:dynamic/gate:ServerGate",
  certificateGate: "pulumi-nodejs:dynamic/gate:CertificateGate",
  healthGate: "pulumi-nodejs:dynamic/gate:HealthGate",
  proxyConfiguration: "pulumi-nodejs:dynamic/delivery:ProxyConfiguration",
  authority: "pulumi-nodejs:dynamic/certificate:LocalAuthority",
  deployKey: "pulumi-nodejs:dynamic/ssh:DeployKey",
} as const;

/** Whether a resource is of a type and is there after the change. */
export function remains(...wanted: readonly string[]): (resource: PlannedResource) => boolean {
  return ({ type, change }) => wanted.includes(type) && change !== "delete";
}
