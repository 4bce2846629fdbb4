import { addressOf, places, type Cloud } from "../cloud/cloud.ts";
import { operatorAddress } from "../cloud/network.ts";
import { namedAddress } from "./admitted.ts";
import type { Expectations, ServerExpectations } from "./expectations.ts";
import { networkList, ownTarget, type Target } from "./target.ts";
import { filesFolder, openVantage, type Vantage } from "./vantage.ts";

/** Where checks are made from, and what they are made against. */
export interface Scene {
  readonly expected: Expectations;
  /** Somebody on the internet. */
  readonly stranger: Vantage;
  /** This machine, from which the environment is operated. */
  readonly operator: Vantage;
  /** Somebody in a network that ssh is open to, who is no operator. The operator's machine where there is no such place. */
  readonly neighbour: Vantage;
  /** Within the edge's own networks; undefined when requests come straight to the servers. */
  readonly edge: Vantage | undefined;
  /** Admits the rehearsal's own addresses only. Throws on others. */
  readonly target: (address: string) => Target;
}

/** Names of the private keys at every vantage that ssh is tried from: the one that opens, and one that nobody knows. */
export const keys = { known: "known-key", unknown: "unknown-key" } as const;

// The last address of the edge's networks on the public network.
const edgeVantage = 46;

/** Opens every vantage. What was opened is closed again when one of them does not open. */
export async function openScene(cloud: Cloud, expected: Expectations): Promise<Scene> {
  const target = (address: string): Target => ownTarget(cloud, expected.privateNetworks, address);
  const strangerAddress = addressOf(cloud, places.stranger);
  if (networkList(expected.ssh.networks).check(strangerAddress)) {
    throw new Error(
      `The stranger's address ${strangerAddress} lies within the networks that ssh is open to. ` +
        "Name smaller networks in landfall:access.networks.",
    );
  }
  const files = {
    "roots.pem": { content: expected.tls.roots, mode: 0o444, owner: 0 },
    [keys.known]: { content: expected.ssh.privateKey, mode: 0o400, owner: 0 },
  };
  const edgeRoots = `${expected.tls.roots.trim()}\n${expected.tls.originRoots}`;
  const edgeFiles = { ...files, "roots.pem": { ...files["roots.pem"], content: edgeRoots } };
  const taken = [...Object.values(places), edgeVantage];
  const turn = Math.floor(Date.now() / 60_000);
  const named = namedAddress(cloud.prefix, expected.ssh.networks, { taken, turn });
  const open = (name: string, noun: string, address: string): Promise<Vantage> =>
    openVantage(cloud, {
      ...{ name, noun, address, machine: noun === "operator" },
      files: name === "edge" ? edgeFiles : files,
    });
  const own = operatorAddress(cloud, expected.ssh.networks) ?? addressOf(cloud, places.operator);
  const opening = [
    open("stranger", "stranger", strangerAddress),
    open("operator", "operator", own),
    ...(expected.proxied ? [open("edge", "beside-edge", addressOf(cloud, edgeVantage))] : []),
    ...(named === undefined ? [] : [open("neighbour", "neighbour", named)]),
  ];
  const settled = await Promise.allSettled(opening);
  const vantages = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const failed = settled.find((one) => one.status === "rejected");
  const [stranger, operator] = vantages;
  if (failed !== undefined || stranger === undefined || operator === undefined) {
    await Promise.all(vantages.map((vantage) => vantage.remove()));
    const reason = failed?.reason instanceof Error ? failed.reason.message : String(failed?.reason);
    throw new Error(`The checks from outside have no place to be made from: ${reason}`, { cause: failed?.reason });
  }
  const makeKey = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", `${filesFolder}/${keys.unknown}`];
  await Promise.all(vantages.map((vantage) => vantage.run(makeKey)));
  const byName = (name: string): Vantage | undefined => vantages.find((vantage) => vantage.name === name);
  return { expected, stranger, operator, neighbour: byName("neighbour") ?? operator, edge: byName("edge"), target };
}

/** Removes every vantage. */
export async function closeScene({ stranger, operator, neighbour, edge }: Scene): Promise<void> {
  await Promise.all([stranger, operator, neighbour, ...(edge === undefined ? [] : [edge])].map((one) => one.remove()));
}

/** A place where the service is asked: its front, or what lies behind the edge. */
export interface Door {
  /** For titles: `the edge`, `staging`. */
  readonly name: string;
  readonly kind: "edge" | "proxy";
  readonly vantage: Vantage;
  readonly target: Target;
}

/** Where people come in. */
export function frontDoors({ expected, stranger, target }: Scene): Door[] {
  if (!expected.proxied) return proxyDoors({ expected, target }, stranger);
  return expected.edge.addresses.map((address) => ({
    name: "the edge",
    kind: "edge",
    vantage: stranger,
    target: target(address),
  }));
}

/** Where the edge comes in; none when there is no edge. */
export function backDoors({ expected, edge, target }: Scene): Door[] {
  return edge === undefined ? [] : proxyDoors({ expected, target }, edge);
}

function proxyDoors({ expected, target }: Pick<Scene, "expected" | "target">, vantage: Vantage): Door[] {
  const { servers, balancer } = expected;
  const hosts = [...servers.filter(isEdge), ...(balancer === undefined ? [] : [balancer])];
  return hosts.map(({ name, publicAddress }) => ({ name, kind: "proxy", vantage, target: target(publicAddress) }));
}

/** Whether a proxy for the world runs on a server. */
export function isEdge({ roles }: ServerExpectations): boolean {
  return roles.includes("edge");
}
