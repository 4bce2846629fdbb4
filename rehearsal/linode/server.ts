import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { putFiles, type ArchiveFile } from "../../infra/engine/archive.ts";
import { isNotFound } from "../../infra/engine/engine.ts";
import { execute } from "../../infra/engine/execute.ts";
import { openEngine } from "../../tools/engine.ts";
import { isAlive } from "../../tools/process.ts";
import { addressOf, labelsOf, nameOf, places, rootsFile, type Cloud } from "../cloud/cloud.ts";
import { createContainer, inspectContainer, removeContainer } from "../cloud/container.ts";
import { joinNetwork, leaveNetwork, switchOff, switchOn } from "../cloud/endpoints.ts";
import { imageOf } from "../cloud/images.ts";
import type { Account, InstanceRecord } from "./account.ts";
import { balancerNetwork, privateNetwork } from "./private-network.ts";
import { subnetNetwork } from "./vpc-subnet.ts";

/** What a server gets on its first start. */
export interface FirstStart {
  /** In base64. */
  readonly userData?: string;
  /** Public keys that let root in. */
  readonly authorizedKeys?: readonly string[];
}

/**
 * What a machine may do and a container may not, as far as Docker lets one have it. A server may not set this machine's
 * clock, load kernel modules into it or write to its ports.
 */
const capabilities = [
  "AUDIT_CONTROL",
  "AUDIT_WRITE",
  "BLOCK_SUSPEND",
  "CHOWN",
  "DAC_OVERRIDE",
  "DAC_READ_SEARCH",
  "FOWNER",
  "FSETID",
  "IPC_LOCK",
  "IPC_OWNER",
  "KILL",
  "LEASE",
  "LINUX_IMMUTABLE",
  "MKNOD",
  "NET_ADMIN",
  "NET_BIND_SERVICE",
  "NET_BROADCAST",
  "NET_RAW",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_ADMIN",
  "SYS_CHROOT",
  "SYS_NICE",
  "SYS_PACCT",
  "SYS_PTRACE",
  "SYS_TTY_CONFIG",
];

/** The noun of a server's container. */
export function serverNoun({ id }: Pick<InstanceRecord, "id">): string {
  return `linode-${String(id)}`;
}

/** The label of a server's container with its id. */
const idLabel = "landfall.rehearsal.linode";

function engineVolume(cloud: Cloud, server: Pick<InstanceRecord, "id">): string {
  return nameOf(cloud, `${serverNoun(server)}-engine`);
}

/** Packages that servers have fetched, shared by all rehearsals of the clone and kept when they end. */
function packageCache(cloud: Cloud): string {
  const folder = join(dirname(dirname(cloud.folder)), "packages");
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Makes a server: a container with an init, an Ethernet card on each of its networks, and user-data. Not started. */
export async function makeServer(cloud: Cloud, server: InstanceRecord, first: FirstStart): Promise<void> {
  const engine = openEngine();
  await engine.createVolume({ Name: engineVolume(cloud, server), Labels: labelsOf(cloud) });
  const container = await createContainer(cloud, {
    noun: serverNoun(server),
    image: imageOf(cloud, "server"),
    address: server.address,
    hostname: server.label,
    environment: { REHEARSAL_RESOLVER: addressOf(cloud, places.resolver) },
    labels: { [idLabel]: String(server.id) },
    mounts: [
      "/sys/fs/cgroup:/sys/fs/cgroup:rw",
      `${engineVolume(cloud, server)}:/var/lib/docker`,
      `${packageCache(cloud)}:/var/cache/rehearsal`,
    ],
    settings: {
      CapDrop: ["ALL"],
      CapAdd: capabilities,
      SecurityOpt: ["seccomp=unconfined", "apparmor=unconfined"],
      DeviceCgroupRules: ["a *:* rwm"],
      CgroupnsMode: "host",
      Tmpfs: { "/run": "", "/run/lock": "", "/tmp": "exec" },
    },
  });
  await putFiles(engine, { container: container.id, folder: "/var/lib/cloud/seed/nocloud" }, seedFiles(server, first));
  if (first.authorizedKeys !== undefined) {
    const content = `${first.authorizedKeys.join("\n")}\n`;
    await putFiles(
      engine,
      { container: container.id, folder: "/root" },
      { ".ssh/authorized_keys": { content, mode: 0o600, owner: 0 } },
    );
  }
  await connectVpc(cloud, server);
  await connectPrivate(cloud, server);
}

/** Gives a server's container its Ethernet card on the private network of its region. */
export async function connectPrivate(cloud: Cloud, server: InstanceRecord): Promise<void> {
  if (server.privateAddress === undefined) return;
  const place = { network: privateNetwork(cloud), address: server.privateAddress };
  await joinNetwork(cloud, nameOf(cloud, serverNoun(server)), place);
}

/** Gives a server's container its Ethernet card in the VPC. */
export async function connectVpc(cloud: Cloud, server: InstanceRecord): Promise<void> {
  if (server.vpc === undefined) return;
  const { subnetId, address } = server.vpc;
  const place = { network: subnetNetwork(cloud, subnetId), address };
  await joinNetwork(cloud, nameOf(cloud, serverNoun(server)), place);
}

/** Takes a server's container off the network of a subnet. */
export async function disconnectVpc(cloud: Cloud, server: InstanceRecord, subnetId: number): Promise<void> {
  await leaveNetwork(cloud, nameOf(cloud, serverNoun(server)), subnetNetwork(cloud, subnetId));
}

/** Switches a server on, with the rehearsal's roots of today. One that runs is left alone. */
export async function startServer(cloud: Cloud, server: InstanceRecord): Promise<void> {
  const container = openEngine().getContainer(nameOf(cloud, serverNoun(server)));
  if (!(await isRunning(cloud, server))) {
    const folder = "/usr/local/share/ca-certificates";
    await putFiles(openEngine(), { container: container.id, folder }, rootFiles(cloud));
    await switchOn(cloud, container);
  }
  if (server.privateAddress !== undefined) {
    await runInServer(cloud, server, { script: routeToBalancers, args: [server.privateAddress, balancerNetwork] });
  }
}

// NodeBalancers are neighbours on the private network although their addresses are not of the server's own part of it.
const routeToBalancers = `
card=$(ip -o -4 address show to "$1" | awk '{ print $2 }')
ip route replace "$2" dev "$card"`;

/** Switches a server off; its processes get half a minute. */
export async function stopServer(cloud: Cloud, server: InstanceRecord): Promise<void> {
  if (await isRunning(cloud, server)) {
    await switchOff(cloud, openEngine().getContainer(nameOf(cloud, serverNoun(server))));
  }
}

/** Removes a server with its own disk. One that is gone is a success. */
export async function removeServer(cloud: Cloud, server: Pick<InstanceRecord, "id">): Promise<void> {
  await removeContainer(cloud, serverNoun(server));
  try {
    await openEngine().getVolume(engineVolume(cloud, server)).remove();
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** Removes servers that have never come to be: the call that made them was killed before it had an answer. */
export async function removeUnknownServers(cloud: Cloud, account: Account): Promise<void> {
  account.instances = account.instances.filter(({ madeBy }) => madeBy === undefined || isAlive(madeBy));
  const label = [`landfall.rehearsal=${cloud.stack}`, idLabel];
  const containers = await openEngine().listContainers({ all: true, filters: { label } });
  for (const { Labels } of containers) {
    const id = Number(Labels[idLabel]);
    if (!account.instances.some((one) => one.id === id)) await removeServer(cloud, { id });
  }
}

/** Whether a server is switched on. */
export async function isRunning(cloud: Cloud, server: InstanceRecord): Promise<boolean> {
  return (await inspectContainer(cloud, serverNoun(server)))?.State.Running === true;
}

/**
 * Runs a shell script inside a server, as root, past all of its own doors.
 *
 * @param script with `$1`, `$2` … for its arguments
 * @returns what it printed on standard output
 * @throws with what it printed on standard error, when it fails
 */
export async function runInServer(
  cloud: Cloud,
  server: InstanceRecord,
  { script, args = [], seconds = 60 }: { script: string; args?: readonly string[]; seconds?: number },
): Promise<string> {
  const { exitCode, stdout, stderr } = await execute(openEngine(), {
    container: nameOf(cloud, serverNoun(server)),
    command: ["sh", "-euc", script, "sh", ...args],
    signal: AbortSignal.timeout(seconds * 1000),
  });
  if (exitCode === 0) return stdout;
  throw new Error(stderr.trim() || `a command inside server "${server.label}" ended with ${String(exitCode)}`);
}

function seedFiles(server: InstanceRecord, { userData = "" }: FirstStart): Record<string, ArchiveFile> {
  const metadata = { "instance-id": `linode-${String(server.id)}`, "local-hostname": server.label };
  return {
    "user-data.base64": { content: userData, mode: 0o600, owner: 0 },
    // JSON is YAML.
    "meta-data": { content: `${JSON.stringify(metadata)}\n`, mode: 0o644, owner: 0 },
  };
}

/** The rehearsal's roots, each in a file of its own as update-ca-certificates(8) wants them. */
function rootFiles(cloud: Cloud): Record<string, ArchiveFile> {
  const path = rootsFile(cloud);
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const roots = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return Object.fromEntries(
    roots.map((root) => {
      const name = `rehearsal-${createHash("sha256").update(root).digest("hex").slice(0, 12)}.crt`;
      return [name, { content: `${root}\n`, mode: 0o644, owner: 0 }];
    }),
  );
}
