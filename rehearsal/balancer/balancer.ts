import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execute } from "../../infra/engine/execute.ts";
import { openEngine } from "../../tools/engine.ts";
import { nameOf, type Cloud } from "../cloud/cloud.ts";
import { createContainer, inspectContainer, removeContainer } from "../cloud/container.ts";
import { joinNetwork, switchOn } from "../cloud/endpoints.ts";
import { imageOf } from "../cloud/images.ts";
import { awaitState } from "../cloud/wait.ts";
import type { Account } from "../linode/account.ts";
import { ensurePrivateNetwork, privateAddressOf, privateNetwork } from "../linode/private-network.ts";
import { parseStatuses, renderBalancer, type BalancedPort, type NodeStatus } from "./configuration.ts";
import type { BalancerRecord } from "./record.ts";

const scripts = "/usr/local/lib/rehearsal";

function nounOf({ id }: Pick<BalancerRecord, "id">): string {
  return `balancer-${String(id)}`;
}

function folderOf(cloud: Cloud, { id }: Pick<BalancerRecord, "id">): string {
  return join(cloud.folder, "balancers", String(id));
}

/** The ports of a NodeBalancer with their nodes. */
export function portsOf(account: Account, { id }: Pick<BalancerRecord, "id">): BalancedPort[] {
  return account.balancerConfigs
    .filter(({ balancerId }) => balancerId === id)
    .map((config) => ({ config, nodes: account.balancerNodes.filter(({ configId }) => configId === config.id) }));
}

/**
 * Brings what is behind a NodeBalancer in line with the account: makes it, or has it take up its ports and nodes.
 * Connections that there are stay.
 *
 * @throws with HAProxy's words when it does not take its configuration; then it goes on with the one before
 */
export async function applyBalancer(cloud: Cloud, account: Account, balancer: BalancerRecord): Promise<void> {
  const folder = folderOf(cloud, balancer);
  const path = join(folder, "haproxy.cfg");
  const text = renderBalancer(balancer, portsOf(account, balancer));
  mkdirSync(folder, { recursive: true });
  const known = await inspectContainer(cloud, nounOf(balancer));
  if (known?.State.Running !== true) {
    writeFileSync(path, text);
    await startBalancer(cloud, account, balancer);
    return;
  }
  const before = readFileSync(path, "utf8");
  if (before === text) return;
  replaceFile(path, text);
  try {
    await run(cloud, balancer, [`${scripts}/reload.sh`]);
  } catch (error) {
    replaceFile(path, before);
    throw error;
  }
}

/** What the nodes of a NodeBalancer are known to be, by their names; nothing when it does not run. */
export async function nodeStatuses(
  cloud: Cloud,
  balancer: BalancerRecord,
): Promise<Readonly<Record<string, NodeStatus>>> {
  if ((await inspectContainer(cloud, nounOf(balancer)))?.State.Running !== true) return {};
  return parseStatuses(await run(cloud, balancer, [`${scripts}/command.sh`, "show stat"]));
}

/**
 * Removes what is behind NodeBalancers that the account knows nothing of: the call that made them was killed before it
 * had an answer, and they have addresses that others are to get.
 */
export async function removeUnknownBalancers(cloud: Cloud, account: Account): Promise<void> {
  const prefix = `/${nameOf(cloud, "balancer-")}`;
  const filters = { label: [`landfall.rehearsal=${cloud.stack}`] };
  for (const { Names } of await openEngine().listContainers({ all: true, filters })) {
    const name = Names.find((one) => one.startsWith(prefix));
    if (name === undefined) continue;
    const id = Number(name.slice(prefix.length));
    if (!account.balancers.some((one) => one.id === id)) await removeBalancer(cloud, { id });
  }
}

/** Removes what is behind a NodeBalancer. One that is gone is a success. */
export async function removeBalancer(cloud: Cloud, balancer: Pick<BalancerRecord, "id">): Promise<void> {
  await removeContainer(cloud, nounOf(balancer));
  rmSync(folderOf(cloud, balancer), { recursive: true, force: true });
}

async function startBalancer(cloud: Cloud, account: Account, balancer: BalancerRecord): Promise<void> {
  const privatePrefix = await ensurePrivateNetwork(cloud, account);
  const privateAddress = privateAddressOf(privatePrefix, balancer.address);
  await removeContainer(cloud, nounOf(balancer));
  const container = await createContainer(cloud, {
    noun: nounOf(balancer),
    image: imageOf(cloud, "balancer"),
    address: balancer.address,
    environment: { REHEARSAL_PRIVATE: privateAddress, REHEARSAL_SOURCE: balancer.source },
    mounts: [`${folderOf(cloud, balancer)}:/etc/balancer:ro`],
    settings: {
      CapDrop: ["ALL"],
      CapAdd: ["NET_ADMIN", "NET_BIND_SERVICE"],
      SecurityOpt: ["no-new-privileges"],
      Tmpfs: { "/run": "" },
      Init: true,
      RestartPolicy: { Name: "on-failure", MaximumRetryCount: 5 },
    },
  });
  await joinNetwork(cloud, container.id, { network: privateNetwork(cloud), address: privateAddress });
  await switchOn(cloud, container);
  const works = (): Promise<unknown> => run(cloud, balancer, [`${scripts}/command.sh`, "show info"]);
  await awaitState(cloud, { noun: nounOf(balancer), what: "the NodeBalancer", seconds: 30, works });
}

async function run(cloud: Cloud, balancer: BalancerRecord, command: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await execute(openEngine(), {
    container: nameOf(cloud, nounOf(balancer)),
    command: [...command],
    signal: AbortSignal.timeout(30_000),
  });
  if (exitCode === 0) return stdout;
  throw new Error(`NodeBalancer "${balancer.label}": ${stderr.trim() || stdout.trim()}`);
}

/** The container has the folder mounted, not the file. */
function replaceFile(path: string, content: string): void {
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}
