import type { BalancerConfigRecord, BalancerNodeRecord, BalancerRecord } from "./record.ts";

/** A port with its nodes. */
export interface BalancedPort {
  readonly config: BalancerConfigRecord;
  readonly nodes: readonly BalancerNodeRecord[];
}

/** Name of the part of the configuration that is a port's, as statistics have it. */
export function portName({ id }: Pick<BalancerConfigRecord, "id">): string {
  return `config_${String(id)}`;
}

/** Name of a node in the configuration, as statistics have it. */
export function nodeName({ id }: Pick<BalancerNodeRecord, "id">): string {
  return `node_${String(id)}`;
}

/**
 * HAProxy's configuration for a NodeBalancer (docs.haproxy.org/3.0/configuration.html). Connections are passed on as
 * they are; only a line of the PROXY protocol is put before them.
 */
export function renderBalancer(balancer: BalancerRecord, ports: readonly BalancedPort[]): string {
  const sections = [
    [
      "global",
      "  log stdout format raw local0 notice",
      "  stats socket /run/haproxy.sock mode 600 level admin",
      "  server-state-file /run/haproxy.state",
      // Two files a connection, and Docker may give no more than 20 000. The vendor promises 10 000 connections.
      "  maxconn 9000",
    ],
    [
      "defaults",
      "  mode tcp",
      "  log global",
      "  load-server-state-from-file global",
      "  timeout connect 5s",
      // A connection may be silent for as long as its two ends like.
      "  timeout client 1h",
      "  timeout server 1h",
      "  timeout tunnel 1h",
      // A node that cannot be reached costs the client nothing as long as another one can.
      "  option redispatch 1",
      "  retries 3",
    ],
    // HAProxy does not start without any port.
    ["listen idle", "  bind unix@/run/haproxy-idle.sock"],
    ...(balancer.throttle === 0
      ? []
      : [["backend clients", "  stick-table type ip size 100k expire 10s store conn_rate(1s)"]]),
    ...ports.map((port) => renderPort(balancer, port)),
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function renderPort({ address, source, throttle }: BalancerRecord, { config, nodes }: BalancedPort): string[] {
  return [
    `listen ${portName(config)}`,
    `  bind ${address}:${String(config.port)}`,
    `  balance ${config.algorithm}`,
    ...(throttle === 0
      ? []
      : [
          "  tcp-request connection track-sc0 src table clients",
          `  tcp-request connection reject if { sc0_conn_rate gt ${String(throttle)} }`,
        ]),
    ...(config.stickiness === "table" ? ["  stick-table type ip size 100k expire 30m", "  stick on src"] : []),
    ...(config.check === "none" ? [] : [`  timeout check ${String(config.checkTimeout)}s`]),
    ...nodes.map(
      (node) =>
        `  ${["server", nodeName(node), node.address, `source ${source}`, ...nodeOptions(config, node)].join(" ")}`,
    ),
  ];
}

function nodeOptions(config: BalancerConfigRecord, { address, weight, mode }: BalancerNodeRecord): string[] {
  // Naming the port has the checks be plain connections, without the line that traffic begins with.
  const port = address.split(":").at(-1) ?? "";
  const interval = String(config.checkInterval);
  const attempts = String(config.checkAttempts);
  return [
    // Weight 0 keeps what is pinned to a node and gives it nothing new.
    `weight ${mode === "drain" ? "0" : String(weight)}`,
    ...(config.proxyProtocol === "v1" ? ["send-proxy"] : []),
    ...(config.proxyProtocol === "v2" ? ["send-proxy-v2"] : []),
    ...(config.check === "none" ? [] : [`check port ${port} inter ${interval}s fall ${attempts} rise 2`]),
    ...(mode === "backup" ? ["backup"] : []),
    ...(mode === "reject" ? ["disabled"] : []),
  ];
}

/** Whether a node answers its checks; unknown where it is not checked. */
export type NodeStatus = "UP" | "DOWN" | "unknown";

/** Reads what HAProxy tells of its nodes (`show stat`, in CSV): their status by their names. */
export function parseStatuses(csv: string): Readonly<Record<string, NodeStatus>> {
  const [heading = "", ...lines] = csv.replace(/^# /, "").split("\n");
  const columns = heading.split(",");
  const [name, status] = [columns.indexOf("svname"), columns.indexOf("status")];
  const found = lines.flatMap((line): [string, NodeStatus][] => {
    const cells = line.split(",");
    const [node = "", text = ""] = [cells[name], cells[status]];
    return node.startsWith("node_") ? [[node, statusOf(text)]] : [];
  });
  return Object.fromEntries(found);
}

/** "UP 1/2" is one that has failed once; "no check" and "MAINT" tell nothing. */
function statusOf(text: string): NodeStatus {
  if (text.startsWith("UP") || text.startsWith("DRAIN") || text.startsWith("NOLB")) return "UP";
  return text.startsWith("DOWN") ? "DOWN" : "unknown";
}
