import type { Target } from "./target.ts";
import type { Vantage } from "./vantage.ts";

/** What a scan of ports found. */
export interface PortScan {
  /** Ports that took a connection, or for UDP answered, sorted. */
  readonly open: readonly number[];
  /** Ports that refused: a packet came through, and nothing listens. */
  readonly refused: readonly number[];
  /** How many ports kept silent. */
  readonly silent: number;
}

/** The range of a scan. */
export interface PortRange {
  readonly protocol: "tcp" | "udp";
  /** As nmap takes them: `1-65535`, `53,123`. */
  readonly ports: string;
}

/** Every TCP port there is. */
export const everyTcpPort: PortRange = { protocol: "tcp", ports: "1-65535" };
/** UDP ports whose services answer a probe. */
export const mainUdpPorts: PortRange = {
  protocol: "udp",
  ports: "53,67,69,111,123,137,161,443,500,514,1194,1900,4500,5353,11211,51820",
};

// One source port for all probes: retries do not fill the machine's table of connections with new entries.
const sourcePort = 40_000;
const probesPerSecond = 40_000;

/** Scans ports of an address by half-open connections (TCP) or by what their services expect (UDP). */
export async function scanPorts(vantage: Vantage, target: Target, range: PortRange): Promise<PortScan> {
  const kind =
    range.protocol === "tcp"
      ? ["-sS", "--source-port", String(sourcePort), "--min-rate", String(probesPerSecond)]
      : ["-sU"];
  return nmap(vantage, [...kind, "-p", range.ports, target]);
}

/** Tries to connect to ports of an address, as any program would. */
export async function connectPorts(vantage: Vantage, target: Target, ports: readonly number[]): Promise<PortScan> {
  return nmap(vantage, ["-sT", "-p", ports.join(","), target]);
}

/**
 * Sees to it that this machine's table of connections has room for a scan: where it is full, packets are dropped that no
 * firewall drops, and all others' connections suffer.
 *
 * @throws when it has not
 */
export async function requireRoom(operator: Vantage): Promise<void> {
  const folder = "/proc/sys/net/netfilter";
  const { stdout } = await operator.run(["cat", `${folder}/nf_conntrack_count`, `${folder}/nf_conntrack_max`]);
  const [count = 0, most = Infinity] = stdout.trim().split(/\s+/).filter(Boolean).map(Number);
  if (most - count >= 70_000) return;
  throw new Error(
    `this machine's table of connections has no room for a scan: ${String(count)} of ${String(most)} are in use. ` +
      "Wait some minutes, or raise it: sysctl net.netfilter.nf_conntrack_max=262144",
  );
}

/** Removes from this machine's table of connections what a scan has left there, so that it never fills up. */
export async function forgetScan(operator: Vantage, source: string, target: Target): Promise<void> {
  await operator.run(["conntrack", "-D", "-p", "tcp", "-s", source, "-d", target, "--state", "SYN_SENT"]);
}

async function nmap(vantage: Vantage, options: readonly string[]): Promise<PortScan> {
  // All networks of a rehearsal are on one machine: who has not answered by then is silent.
  const patience = ["--max-retries", "1", "--initial-rtt-timeout", "300ms", "--max-rtt-timeout", "500ms"];
  const command = ["nmap", "-n", "-Pn", ...patience, "-oX", "-", ...options];
  const { stdout, stderr } = await vantage.run(command, 180);
  return parsePortScan(stdout, stderr);
}

/**
 * Reads nmap's XML (https://nmap.org/book/app-nmap-dtd.html) of one address.
 *
 * @param complaint what nmap printed on standard error
 * @throws when the scan did not come to its end, or did not reach the machine's network
 */
export function parsePortScan(xml: string, complaint = ""): PortScan {
  if (!/<finished [^>]*exit="success"/.test(xml) || !/<host [^>]*>/.test(xml)) {
    throw new Error(`nmap made no scan: ${complaint.trim() || "it reports no host"}`);
  }
  const states = new Map<string, number[]>();
  for (const [, port = "", state = ""] of xml.matchAll(/<port [^>]*portid="(\d+)"[^>]*><state state="([^"]+)"/g)) {
    states.set(state, [...(states.get(state) ?? []), Number(port)]);
  }
  let silent = (states.get("filtered")?.length ?? 0) + (states.get("open|filtered")?.length ?? 0);
  const refused = [...(states.get("closed") ?? [])];
  for (const [, state = "", rest = ""] of xml.matchAll(/<extraports state="([^"]+)"[^>]*>(.*?)<\/extraports>/gs)) {
    for (const [, reason = "", list = ""] of rest.matchAll(/<extrareasons reason="([^"]+)"[^>]*ports="([^"]+)"/g)) {
      if (state === "closed" || reason !== "no-response") refused.push(...portsOf(list));
      else silent += portsOf(list).length;
    }
  }
  const sorted = (ports: readonly number[]): number[] => ports.toSorted((a, b) => a - b);
  return { open: sorted(states.get("open") ?? []), refused: sorted(refused), silent };
}

/** `1-3,80` → 1, 2, 3, 80. */
function portsOf(list: string): number[] {
  return list.split(",").flatMap((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

/** Ports as a person reads them: `22, 80 and 5 more`, or `none`. */
export function portsText(ports: readonly number[], most = 12): string {
  if (ports.length === 0) return "none";
  const shown = ports.slice(0, most).join(", ");
  return ports.length > most ? `${shown} and ${String(ports.length - most)} more` : shown;
}
