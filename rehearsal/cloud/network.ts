import type Docker from "dockerode";
import { BlockList } from "node:net";
import { isNotFound } from "../../infra/engine/engine.ts";
import { openEngine } from "../../tools/engine.ts";
import { addressOf, labelsOf, nameOf, places, type Cloud } from "./cloud.ts";
import { runOnMachine } from "./machine.ts";
import { prefixVariable } from "./open.ts";
import { firstAddress, networksOverlap, type Ipv4Network } from "./subnet.ts";

/** Name of the network that stands for the internet. */
export function publicNetwork(cloud: Cloud): string {
  return nameOf(cloud, "public");
}

/** What the engine knows of a network; undefined when there is none. */
export async function inspectNetwork(name: string): Promise<Docker.NetworkInspectInfo | undefined> {
  try {
    return await openEngine().getNetwork(name).inspect();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/**
 * Makes the network that stands for the internet, unless it is there, and lets this machine appear on it from inside
 * the first IPv4 network that servers let their operators in from.
 *
 * @param operatorNetworks for example `["198.51.100.0/28"]`; with none, this machine has the gateway's address
 * @throws when another network has these addresses, with the setting that chooses others
 */
export async function ensurePublicNetwork(cloud: Cloud, operatorNetworks: readonly string[]): Promise<void> {
  const name = publicNetwork(cloud);
  if ((await inspectNetwork(name)) === undefined) {
    await refuseTaken(cloud);
    await openEngine().createNetwork({
      Name: name,
      CheckDuplicate: true,
      Driver: "bridge",
      IPAM: {
        Driver: "default",
        Config: [{ Subnet: `${cloud.prefix}.0/24`, Gateway: addressOf(cloud, places.operator) }],
      },
      Labels: labelsOf(cloud),
    });
  }
  const address = operatorAddress(cloud, operatorNetworks);
  if (address === undefined) return;
  const bridge = await bridgeOf(name);
  // The bridge takes the address and the route with it when it goes.
  const script = `ip address replace ${address}/32 dev ${bridge} && ip route replace ${cloud.prefix}.0/24 dev ${bridge} src ${address}`;
  await runOnMachine(cloud, { command: ["sh", "-ec", script] });
}

/**
 * The address that this machine needs besides the gateway's, so that servers take it for an operator's; undefined when
 * the gateway's is good enough.
 */
export function operatorAddress(cloud: Cloud, networks: readonly string[]): string | undefined {
  const gateway = addressOf(cloud, places.operator);
  const ipv4 = networks.filter((network) => !network.includes(":"));
  const allowed = new BlockList();
  for (const network of ipv4) {
    const [address = "", bits = "32"] = network.split("/");
    allowed.addSubnet(address, Number(bits), "ipv4");
  }
  const [first] = ipv4;
  return first === undefined || allowed.check(gateway, "ipv4") ? undefined : firstAddress(first);
}

/** The interface of this machine that carries a bridge network. */
export async function bridgeOf(network: string): Promise<string> {
  const found = await inspectNetwork(network);
  if (found === undefined) throw new Error(`There is no network ${network}. Start the rehearsal anew.`);
  // Docker names it so unless told otherwise (libnetwork, drivers/bridge).
  return `br-${found.Id.slice(0, 12)}`;
}

/** The engine's networks whose addresses overlap with a network's. */
export async function overlappingNetworks(network: Ipv4Network): Promise<string[]> {
  const known = await openEngine().listNetworks();
  return known
    .filter(({ IPAM }) =>
      (IPAM?.Config ?? []).some(
        ({ Subnet }) => Subnet !== undefined && !Subnet.includes(":") && networksOverlap(Subnet, network),
      ),
    )
    .map(({ Name }) => Name);
}

async function refuseTaken(cloud: Cloud): Promise<void> {
  const taken = await overlappingNetworks(`${cloud.prefix}.0/24`);
  if (taken.length === 0) return;
  throw new Error(
    `The addresses ${cloud.prefix}.0/24 of the rehearsal's public network are those of Docker's network ` +
      `${taken.join(", ")}. Where that is another rehearsal's (landfall-rehearsal-STACK-public), end it: npm run rehearse -- ` +
      `STACK --down. Otherwise set ${prefixVariable} to the first three numbers of a free network, for example 198.18.7.`,
  );
}
