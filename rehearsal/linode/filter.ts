import { readFileSync } from "node:fs";
import type { Cloud } from "../cloud/cloud.ts";
import { hasTable, removeTable, replaceTable } from "../cloud/packet-filter.ts";
import type { DatabaseRecord } from "../database/record.ts";
import type { Account, FirewallRecord, FirewallRule } from "./account.ts";

/** Brings this machine's packet filter in line with an account's firewalls. */
export async function applyFilter(cloud: Cloud, account: Account): Promise<void> {
  const chains = renderFilter(account);
  if (chains === undefined) {
    if (await hasTable(cloud)) await removeTable(cloud);
    return;
  }
  refuseBlindFilter();
  await replaceTable(cloud, chains);
}

/**
 * The packet filter's chains, as nft(8) reads them: what firewalls let through to and from their servers' addresses on
 * the public and the private network and to NodeBalancers, what managed databases let in, and that nothing gets to or
 * from a server whose network is cut. Undefined when there is nothing to filter. The vendor's firewalls do not filter
 * what goes through a VPC.
 *
 * The rules hold for everybody: for other servers and strangers on the same bridge, and for this machine itself.
 */
export function renderFilter(account: Account): string | undefined {
  const guarded = account.devices.flatMap(({ firewallId, entityId }) => {
    const firewall = account.firewalls.find(({ id }) => id === firewallId);
    if (firewall === undefined || firewall.disabled) return [];
    return guardedAddresses(account, entityId).map((place) => ({ firewall, ...place }));
  });
  const cut = account.instances
    .filter(({ id }) => account.cut.includes(id))
    .flatMap(({ address, vpc, privateAddress }) => [address, vpc?.address, privateAddress])
    .filter((address) => address !== undefined);
  if (guarded.length === 0 && cut.length === 0 && account.databases.length === 0) return undefined;
  const firewalls = account.firewalls.filter((one) => guarded.some(({ firewall }) => firewall.id === one.id));
  const lines = [
    ...["output", "forward", "input"].flatMap((hook) => [
      `chain ${hook} {`,
      `  type filter hook ${hook} priority filter - 10; policy accept;`,
      "  jump servers",
      "}",
    ]),
    "chain servers {",
    ...(cut.length === 0 ? [] : [`  ip saddr { ${cut.join(", ")} } drop`, `  ip daddr { ${cut.join(", ")} } drop`]),
    "  ct state established,related accept",
    // Out of one server and into another: both firewalls are asked.
    ...guarded
      .filter(({ both }) => both)
      .map(({ firewall, address }) => `  ip saddr ${address} jump outbound_${String(firewall.id)}`),
    ...guarded.map(({ firewall, address }) => `  ip daddr ${address} jump inbound_${String(firewall.id)}`),
    ...account.databases.map(({ id, address }) => `  ip daddr ${address} jump database_${String(id)}`),
    "}",
    ...firewalls.flatMap(firewallChains),
    ...account.databases.flatMap(databaseChain),
  ];
  return `${lines.map((line) => `  ${line}`).join("\n")}\n`;
}

interface GuardedAddress {
  readonly address: string;
  /** Whether what goes out is asked about, too; a NodeBalancer's firewall asks about what comes in only. */
  readonly both: boolean;
}

function guardedAddresses(account: Account, entityId: number): GuardedAddress[] {
  const server = account.instances.find(({ id }) => id === entityId);
  const balancer = account.balancers.find(({ id }) => id === entityId);
  return [
    ...(server === undefined ? [] : [{ address: server.address, both: true }]),
    ...(server?.privateAddress === undefined ? [] : [{ address: server.privateAddress, both: true }]),
    ...(balancer === undefined ? [] : [{ address: balancer.address, both: false }]),
  ];
}

function databaseChain({ id, allowLists, port }: DatabaseRecord): string[] {
  const networks = allowLists.filter((network) => !network.includes(":"));
  return [
    `chain database_${String(id)} {`,
    ...networks.map((network) => {
      const from = network.endsWith("/0") ? "" : `ip saddr ${network} `;
      return `  ${from}meta l4proto tcp th dport ${String(port)} return`;
    }),
    "  drop",
    "}",
  ];
}

function firewallChains(firewall: FirewallRecord): string[] {
  const { id, inbounds, outbounds, inboundPolicy, outboundPolicy } = firewall;
  return [
    `chain inbound_${String(id)} {`,
    ...inbounds.flatMap((rule) => ruleLines(rule, "saddr")),
    `  ${verdict(inboundPolicy)}`,
    "}",
    `chain outbound_${String(id)} {`,
    ...outbounds.flatMap((rule) => ruleLines(rule, "daddr")),
    `  ${verdict(outboundPolicy)}`,
    "}",
  ];
}

const protocols: Readonly<Record<string, string>> = {
  TCP: "meta l4proto tcp",
  UDP: "meta l4proto udp",
  ICMP: "meta l4proto icmp",
  IPENCAP: "meta l4proto 4",
};

/**
 * A rule for IPv4, a line for each network and each range of ports: they may overlap, which sets may not. Servers of a
 * rehearsal have no public IPv6 address, so rules for those alone do nothing.
 */
function ruleLines(rule: FirewallRule, side: "saddr" | "daddr"): string[] {
  const networks = new Set((rule.ipv4s ?? []).map((network) => (network.endsWith("/0") ? "" : network)));
  const ports = (rule.ports ?? "").split(",").map((port) => port.replaceAll(" ", ""));
  return [...networks].flatMap((network) =>
    ports.map((port) => {
      const parts = [
        network === "" ? "" : `ip ${side} ${network}`,
        protocols[rule.protocol] ?? "",
        port === "" ? "" : `th dport ${port}`,
        verdict(rule.action),
      ];
      return `  ${parts.filter(Boolean).join(" ")}`;
    }),
  );
}

/** An accepted packet is still asked about by the other server's firewall. */
function verdict(action: string): string {
  return action === "ACCEPT" ? "return" : "drop";
}

/** Packets between containers of one bridge pass the filter only if the kernel is told to show them to it. */
function refuseBlindFilter(): void {
  const path = "/proc/sys/net/bridge/bridge-nf-call-iptables";
  try {
    if (readFileSync(path, "utf8").trim() === "1") return;
  } catch {
    // Without the kernel's module there is no such file.
  }
  throw new Error(
    `Firewalls cannot filter on this machine: ${path} is not 1. ` +
      'Run "modprobe br_netfilter && sysctl net.bridge.bridge-nf-call-iptables=1" as root.',
  );
}
