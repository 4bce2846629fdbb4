/** Servers that do not answer: what runs on them can be neither looked at nor changed. */
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { openEngine } from "@landfall/infra/engine/engine";
import { parseEngineAddress } from "@landfall/infra/ssh/connection";
import type { Checkpoint } from "@landfall/tools/clone-state";

const gateType = "pulumi-nodejs:dynamic/gate:ServerGate";
const machineType = "linode:index/instance:Instance";
/** How long a server may take to answer, in milliseconds. */
const patience = 5000;

/** A server that an earlier update has let in. */
export interface KnownServer {
  readonly host: string;
  readonly port: number;
  /** Address of its Docker engine. */
  readonly engine: string;
}

/** The servers that the state knows. */
export function knownServers({ resources }: Checkpoint): KnownServer[] {
  return resources.flatMap(({ type, outputs }) => {
    const engine = outputs?.["engine"];
    if (type !== gateType || typeof engine !== "string") return [];
    const { host, port } = parseEngineAddress(engine);
    return [{ host, port, engine }];
  });
}

/** The machines that the state knows, as what `--target` takes. */
export function machines({ resources }: Checkpoint): string[] {
  return resources.filter(({ type }) => type === machineType).map(({ urn }) => urn);
}

/** Those of the servers at whose ssh port nobody answers. */
export async function silentServers(servers: readonly KnownServer[]): Promise<KnownServer[]> {
  const answers = await Promise.all(servers.map(isAnswering));
  return servers.filter((_, place) => !answers[place]);
}

/** Waits until the engines of servers answer. @returns whether they did in time */
export async function areBack(servers: readonly KnownServer[], seconds: number): Promise<boolean> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const answers = await Promise.allSettled(servers.map(({ engine }) => openEngine(engine, patience).ping()));
    if (answers.every(({ status }) => status === "fulfilled")) return true;
    if (performance.now() >= end) return false;
    await pause(2000);
  }
}

function isAnswering({ host, port }: KnownServer): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: patience });
    const end = (answering: boolean) => (): void => {
      socket.destroy();
      resolve(answering);
    };
    socket.once("connect", end(true)).once("timeout", end(false)).once("error", end(false));
  });
}
