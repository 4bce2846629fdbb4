import { expect, test } from "vitest";
import { parseStatuses, renderBalancer } from "./configuration.ts";
import type { BalancerConfigRecord, BalancerNodeRecord, BalancerRecord } from "./record.ts";

const balancer: BalancerRecord = {
  id: 5,
  label: "edge",
  region: "us-ord",
  address: "198.51.100.224",
  source: "192.168.255.224",
  throttle: 0,
  created: "",
};
const config: BalancerConfigRecord = {
  id: 7,
  balancerId: 5,
  port: 443,
  proxyProtocol: "v2",
  algorithm: "roundrobin",
  stickiness: "none",
  check: "connection",
  checkInterval: 5,
  checkTimeout: 3,
  checkAttempts: 2,
};
const node: BalancerNodeRecord = {
  id: 9,
  balancerId: 5,
  configId: 7,
  label: "edge-1",
  address: "192.168.254.64:8443",
  weight: 100,
  mode: "accept",
};

/** The lines of the port's section. */
function port(
  changes: Partial<BalancerConfigRecord> = {},
  node1: Partial<BalancerNodeRecord> = {},
  throttle = 0,
): string {
  const ports = [{ config: { ...config, ...changes }, nodes: [{ ...node, ...node1 }] }];
  const text = renderBalancer({ ...balancer, throttle }, ports);
  return text.slice(text.indexOf("listen config_7"));
}

test("a port asks its nodes from the vendor's address, checks them plainly and says whose a connection is", () => {
  expect(port()).toBe(`listen config_7
  bind 198.51.100.224:443
  balance roundrobin
  timeout check 3s
  server node_9 192.168.254.64:8443 source 192.168.255.224 weight 100 send-proxy-v2 check port 8443 inter 5s fall 2 rise 2
`);
});

test.each([
  ["drain", "weight 0 send-proxy-v2 check port 8443 inter 5s fall 2 rise 2\n"],
  ["reject", "check port 8443 inter 5s fall 2 rise 2 disabled\n"],
  ["backup", "check port 8443 inter 5s fall 2 rise 2 backup\n"],
] as const)("a node in mode %s is told so", (mode, end) => {
  expect(port({}, { mode }).endsWith(end)).toBe(true);
});

test("the first version of the PROXY protocol, none, and no checks are possible", () => {
  expect(port({ proxyProtocol: "v1" })).toContain(" send-proxy check");
  expect(port({ proxyProtocol: "none" })).toContain("weight 100 check");
  expect(port({ check: "none" })).not.toContain("check");
});

test("a table keeps a client at its node, and a throttle counts each client's connections", () => {
  expect(port({ stickiness: "table" })).toContain("  stick on src\n");
  expect(port({}, {}, 20)).toContain("  tcp-request connection reject if { sc0_conn_rate gt 20 }\n");
  expect(renderBalancer({ ...balancer, throttle: 20 }, [])).toContain("backend clients\n  stick-table type ip");
});

test("a NodeBalancer without any port still has a configuration that HAProxy starts with", () => {
  expect(renderBalancer(balancer, [])).toContain("listen idle\n  bind ");
});

test("statuses are read by the columns' names, and one that is not checked is unknown", () => {
  const csv = [
    "# pxname,svname,qcur,status,weight",
    "config_7,FRONTEND,0,OPEN,",
    "config_7,node_9,0,UP 1/2,100",
    "config_7,node_10,0,DOWN,100",
    "config_7,node_11,0,no check,100",
    "config_7,node_12,0,MAINT,100",
    "config_7,node_13,0,DRAIN,0",
    "config_7,BACKEND,0,UP,100",
  ].join("\n");
  expect(parseStatuses(csv)).toEqual({
    node_9: "UP",
    node_10: "DOWN",
    node_11: "unknown",
    node_12: "unknown",
    node_13: "UP",
  });
});
