import { isNetwork, isWithin } from "../../firewall/cidr.ts";
import { bothAddresses, isFirstAddress } from "../../servers/private-address.ts";
import type { Settings } from "../settings.ts";
import type { WrongCombination } from "./combination.ts";

/** What does not go with the servers. */
export function wrongOnServers({ servers, access, network, proxy, dns }: Settings): WrongCombination[] {
  const [first] = servers;
  if (first?.platform !== "linode") {
    if (dns.provider === "none") return [];
    const message = '"none", as no server has a public address: landfall:servers are not Linodes';
    return [{ path: ["dns", "provider"], message, input: dns.provider }];
  }
  const wrong: WrongCombination[] = [];
  // The number at the end of a plan's name is that of its cores, or less: https://www.linode.com/pricing/
  if (servers.length === 1 && Number(/\d+$/.exec(first.type)?.[0] ?? leastCores) < leastCores) {
    const message = 'a plan with at least 4 cores and 8 GB, such as "g6-standard-4", for a server that has every role';
    wrong.push({ path: ["servers", 0, "type"], message, input: first.type });
  }
  for (const [index, server] of servers.entries()) {
    if (server.platform !== "linode" || server.region === first.region) continue;
    const message = `"${first.region}", where ${first.name} is: a private network lies in one region`;
    wrong.push({ path: ["servers", index, "region"], message, input: server.region });
  }
  for (const [index, server] of servers.entries()) {
    // What is no network is refused by itself.
    if (!isNetwork(network.subnet)) break;
    if (server.platform !== "linode" || server.address === undefined || !isFirstAddress(server.address)) continue;
    if (bothAddresses(server.address).every((address) => isWithin(address, network.subnet))) continue;
    const message = `an address of ${network.subnet} (landfall:network.subnet) that has the one 128 above it there, too`;
    wrong.push({ path: ["servers", index, "address"], message, input: server.address });
  }
  for (const role of ["edge", "app"] as const) {
    const able = servers.flatMap((server, index) => (server.roles.includes(role) ? [{ server, index }] : []));
    if (able.length === 0 || !able.every(({ server }) => server.platform === "linode" && server.draining)) continue;
    const message = `false for one of the servers with the role '${role}': somebody has to answer`;
    wrong.push({ path: ["servers", able[0]?.index ?? 0, "draining"], message, input: true });
  }
  if (access.networks.length === 0) {
    const message = "at least one network, the one that Pulumi runs in: servers are set up over ssh";
    wrong.push({ path: ["access", "networks"], message, input: access.networks });
  }
  for (const [index, network] of access.networks.entries()) {
    if (!network.endsWith("/0")) continue;
    const message = "a network of yours: ssh is not for the whole internet";
    wrong.push({ path: ["access", "networks", index], message, input: network });
  }
  if (proxy.address !== "0.0.0.0") {
    const message = '"0.0.0.0" on Linodes, whose addresses are not known before; the firewall admits who may come';
    wrong.push({ path: ["proxy", "address"], message, input: proxy.address });
  }
  return wrong;
}

/** A server that has every role carries a small system only from here on. */
const leastCores = 4;
