import type { FirewallRule } from "../../infra/firewall/rules.ts";
import { networkList } from "./target.ts";

/** The ports of a server's public address that a rule list admits from a source, sorted. */
export function admittedPorts(
  rules: readonly FirewallRule[],
  source: string,
  protocol: "tcp" | "udp" = "tcp",
): number[] {
  const ports = rules
    .filter((rule) => rule.interface === "public" && rule.protocol === protocol)
    .filter((rule) => networkList(rule.sources).check(source))
    .flatMap((rule) => rule.ports);
  return [...new Set(ports)].sort((a, b) => a - b);
}

/**
 * An address on the rehearsal's public network from which ssh may come, for somebody who is not an operator; undefined
 * when the named networks have none to give. Addresses are taken in turn, because servers ban who fails too often.
 *
 * @param taken last numbers of addresses that are in use
 * @param turn any number that grows
 */
export function namedAddress(
  prefix: string,
  networks: readonly string[],
  { taken, turn }: { taken: readonly number[]; turn: number },
): string | undefined {
  const named = networkList(networks);
  const free = Array.from({ length: 254 }, (_, index) => index + 1).filter(
    (last) => !taken.includes(last) && named.check(`${prefix}.${String(last)}`),
  );
  const last = free[turn % free.length];
  return last === undefined ? undefined : `${prefix}.${String(last)}`;
}
