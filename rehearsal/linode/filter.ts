import { readFileSync } from "node:fs";
import type { Cloud } from "../cloud/cloud.ts";
import { hasTable, removeTable, replaceTable } from "../cloud/packet-filter.ts";
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
 * The packet filter's chains, as nft(8) reads them: what firewalls let through to and from their servers' public
 * addresses, and that nothing gets to or from a server whose network is cut. Undefined when there is nothing to filter.
 *
 * The rules hold for everybody: for other servers and strangers on the same bridge, and for this machine itself.
 */
export function renderFilter(account: Account): string | undefined {
  const guarded = account.devices.flatMap(({ firewallId, entityId }) => {
    const firewall = account.firewalls.find(({ id }) => id === firewallId);
    const server = account.instances.find(({ id }) => id === entityId);
    return firewall === undefined || firewall.disabled || server === undefined ? [] : [{ firewall, server }];
  });
  const cut = account.instances
    .filter(({ id }) => account.cut.includes(id))
    .flatMap(({ address, vpc }) => (vpc === undefined ? [address] : [address, vpc.address]));
  if (guarded.length === 0 && cut.length === 0) return undefined;
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
    ...guarded.map(({ firewall, server }) => `  ip saddr ${server.address} jump outbound_${String(firewall.id)}`),
    ...guarded.map(({ firewall, server }) => `  ip daddr ${server.address} jump inbound_${String(firewall.id)}`),
    "}",
    ...firewalls.flatMap(firewallChains),
  ];
  return `${lines.map((line) => `  ${line}`).join("\n")}\n`;
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
