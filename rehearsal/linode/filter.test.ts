import { expect, test } from "vitest";
import { emptyAccount, type Account } from "./account.ts";
import { renderFilter } from "./filter.ts";

const server = {
  id: 1,
  label: "web",
  region: "us-ord",
  type: "g6-nanode-1",
  image: "linode/debian13",
  booted: true,
  address: "198.51.100.64",
  vpc: { subnetId: 5, address: "10.77.0.11" },
  hostUuid: "x",
};
const firewall = {
  id: 2,
  label: "wall",
  disabled: false,
  inboundPolicy: "DROP",
  outboundPolicy: "ACCEPT",
  inbounds: [
    { label: "ssh", action: "ACCEPT", protocol: "TCP", ports: "22", ipv4s: ["198.51.100.0/28", "10.0.0.0/8"] },
    { label: "web", action: "ACCEPT", protocol: "TCP", ports: "80, 8000-8999", ipv4s: ["0.0.0.0/0"], ipv6s: ["::/0"] },
    { label: "six", action: "ACCEPT", protocol: "UDP", ports: "53", ipv6s: ["2001:db8::/32"] },
    { label: "icmp", action: "DROP", protocol: "ICMP", ipv4s: ["198.51.100.200/32"] },
  ],
  outbounds: [{ label: "mail", action: "DROP", protocol: "TCP", ports: "25", ipv4s: ["0.0.0.0/0"] }],
  created: "",
};
const account: Account = {
  ...emptyAccount,
  instances: [server],
  firewalls: [firewall],
  devices: [{ id: 3, firewallId: 2, entityId: 1, entityType: "linode", created: "" }],
};

test("a firewall filters its server's public address, both ways and for everybody", () => {
  expect(renderFilter(account)).toBe(`  chain output {
    type filter hook output priority filter - 10; policy accept;
    jump servers
  }
  chain forward {
    type filter hook forward priority filter - 10; policy accept;
    jump servers
  }
  chain input {
    type filter hook input priority filter - 10; policy accept;
    jump servers
  }
  chain servers {
    ct state established,related accept
    ip saddr 198.51.100.64 jump outbound_2
    ip daddr 198.51.100.64 jump inbound_2
  }
  chain inbound_2 {
    ip saddr 198.51.100.0/28 meta l4proto tcp th dport 22 return
    ip saddr 10.0.0.0/8 meta l4proto tcp th dport 22 return
    meta l4proto tcp th dport 80 return
    meta l4proto tcp th dport 8000-8999 return
    ip saddr 198.51.100.200/32 meta l4proto icmp drop
    drop
  }
  chain outbound_2 {
    meta l4proto tcp th dport 25 drop
    return
  }
`);
});

test("without a device in front of a server everything is open", () => {
  expect(renderFilter({ ...account, devices: [] })).toBeUndefined();
  expect(renderFilter({ ...account, firewalls: [{ ...firewall, disabled: true }] })).toBeUndefined();
});

test("a server that is cut off gets nothing on any of its networks, not even what was open", () => {
  const text = renderFilter({ ...account, devices: [], cut: [1] }) ?? "";
  const lines = text.split("\n").map((line) => line.trim());
  const drop = lines.indexOf("ip daddr { 198.51.100.64, 10.77.0.11 } drop");
  expect(drop).toBeGreaterThan(0);
  expect(drop).toBeLessThan(lines.indexOf("ct state established,related accept"));
});

test("a server's private address is filtered as its public one, and one in a VPC is not", () => {
  const text = renderFilter({ ...account, instances: [{ ...server, privateAddress: "192.168.254.64" }] }) ?? "";
  expect(text).toContain("ip daddr 192.168.254.64 jump inbound_2\n");
  expect(text).not.toContain("10.77.0.11");
});

test("a firewall in front of a NodeBalancer filters what comes to it and nothing that it sends", () => {
  const balancer = { id: 4, label: "edge", region: "us-ord", address: "198.51.100.224", created: "" };
  const balancers = [{ ...balancer, source: "192.168.255.224", throttle: 0 }];
  const devices = [{ id: 3, firewallId: 2, entityId: 4, entityType: "nodebalancer" as const, created: "" }];
  const text = renderFilter({ ...account, balancers, devices }) ?? "";
  expect(text).toContain("ip daddr 198.51.100.224 jump inbound_2\n");
  expect(text).not.toContain("saddr 198.51.100.224 jump");
});

test("a managed database lets in who is on its list, to its port, and nobody else", () => {
  const database = {
    ...{ id: 6, label: "db", region: "us-ord", type: "g6-dedicated-2", engineId: "postgresql/17", clusterSize: 1 },
    ...{ address: "198.51.100.208", host: "db", port: 10_006, rootPassword: "", caCertificate: "", created: "" },
    ...{ pair: { certificate: "", privateKey: "" }, settings: {}, suspended: false },
    allowLists: ["198.51.100.64/32", "2001:db8::/32"],
    updates: { dayOfWeek: 7, duration: 4, frequency: "weekly", hourOfDay: 0 },
  };
  const text = renderFilter({ ...account, devices: [], databases: [database] }) ?? "";
  expect(text).toContain("    ip daddr 198.51.100.208 jump database_6\n");
  expect(text).toContain(`  chain database_6 {
    ip saddr 198.51.100.64/32 meta l4proto tcp th dport 10006 return
    drop
  }
`);
});
