/** Servers that do not answer: what runs on them can be neither looked at nor changed. */
import { connect } from "node:net";
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
}

/** The servers that the state knows. */
export function knownServers({ resources }: Checkpoint): KnownServer[] {
  return resources.flatMap(({ type, outputs }) => {
    const engine = outputs?.["engine"];
    if (type !== gateType || typeof engine !== "string") return [];
    const { host, port } = parseEngineAddress(engine);
    return [{ host, port }];
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
