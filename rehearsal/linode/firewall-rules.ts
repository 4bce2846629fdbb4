import { networkRange } from "../cloud/subnet.ts";
import { isIPv6 } from "node:net";
import type { Fault, Properties } from "../plugin/resource.ts";
import { isRecord, UNKNOWN } from "../plugin/values.ts";
import { checkChoice, checkLabel, ruleLabel } from "./rules.ts";

// https://techdocs.akamai.com/linode-api/reference/post-firewalls
const mostRules = 25;
const mostAddresses = 255;
const mostPorts = 15;

/** Holds the rules of a firewall, both lists, against the vendor's limits and forms. */
export function checkRules({ inbounds, outbounds }: Properties): Fault[] {
  const lists = { inbounds: listOf(inbounds), outbounds: listOf(outbounds) };
  const count = lists.inbounds.length + lists.outbounds.length;
  const faults: Fault[] = [];
  if (count > mostRules) {
    faults.push({ property: "inbounds", reason: `there are ${String(count)} rules; at most ${String(mostRules)}` });
  }
  for (const [name, rules] of Object.entries(lists)) {
    rules.forEach((rule, at) => {
      if (isRecord(rule)) faults.push(...checkRule(rule, `${name}[${String(at)}]`));
    });
  }
  return faults;
}

function checkRule(rule: Properties, path: string): Fault[] {
  const { label, action, protocol, ports, ipv4s, ipv6s } = rule;
  const addresses = listOf(ipv4s).length + listOf(ipv6s).length;
  const faults = [
    ...checkLabel(label, ruleLabel, `${path}.label`),
    ...checkChoice(`${path}.action`, action, ["ACCEPT", "DROP"]),
    ...checkChoice(`${path}.protocol`, protocol, ["TCP", "UDP", "ICMP", "IPENCAP"]),
    ...checkPorts(ports, protocol, `${path}.ports`),
    ...checkAddresses(ipv4s, { path: `${path}.ipv4s`, isNetwork: isNetwork4, words: "198.51.100.0/28" }),
    ...checkAddresses(ipv6s, { path: `${path}.ipv6s`, isNetwork: isNetwork6, words: "2001:db8::/32" }),
  ];
  const known = ipv4s !== UNKNOWN && ipv6s !== UNKNOWN;
  if (addresses > mostAddresses) {
    faults.push({
      property: path,
      reason: `has ${String(addresses)} addresses; at most ${String(mostAddresses)} in one rule`,
    });
  }
  if (known && addresses === 0) faults.push({ property: path, reason: "names no addresses, neither ipv4s nor ipv6s" });
  return faults;
}

function checkPorts(ports: unknown, protocol: unknown, property: string): Fault[] {
  if (typeof ports !== "string" || ports === UNKNOWN) return [];
  if (protocol === "ICMP" || protocol === "IPENCAP") {
    return ports === "" ? [] : [{ property, reason: `${protocol} has no ports` }];
  }
  const pieces = ports.split(",").map((piece) => piece.trim());
  if (pieces.length > mostPorts) {
    return [{ property, reason: `has ${String(pieces.length)} pieces; at most ${String(mostPorts)}` }];
  }
  return pieces
    .filter((piece) => !isPorts(piece))
    .map((piece) => ({
      property,
      reason: `"${piece}" is neither a port of 1-65535 nor a range such as 8000-8999`,
    }));
}

function isPorts(piece: string): boolean {
  const found = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(piece);
  if (found === null) return false;
  const [first, last] = [Number(found[1]), Number(found[2] ?? found[1])];
  return first >= 1 && last <= 65_535 && (found[2] === undefined || first < last);
}

interface AddressForm {
  readonly path: string;
  readonly isNetwork: (text: string) => boolean;
  readonly words: string;
}

function checkAddresses(addresses: unknown, { path, isNetwork, words }: AddressForm): Fault[] {
  return listOf(addresses).flatMap((address, at): Fault[] => {
    if (typeof address !== "string" || address === UNKNOWN || isNetwork(address)) return [];
    return [{ property: `${path}[${String(at)}]`, reason: `"${address}" is no network such as ${words}` }];
  });
}

function isNetwork4(text: string): boolean {
  return text.includes("/") && networkRange(text) !== undefined;
}

function isNetwork6(text: string): boolean {
  const [address = "", bits = "", ...more] = text.split("/");
  return isIPv6(address) && /^\d{1,3}$/.test(bits) && Number(bits) <= 128 && more.length === 0;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
