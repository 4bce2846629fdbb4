import type Docker from "dockerode";
import { join } from "node:path";
import { isNotFound } from "../../infra/engine/engine.ts";
import { openEngine } from "../../tools/engine.ts";
import { inTurn } from "../../tools/lock.ts";
import type { Cloud } from "./cloud.ts";

/** Where a container is on a network. */
export interface NetworkPlace {
  /** Name of the network. */
  readonly network: string;
  readonly address: string;
}

/** Starts a container of a cloud. */
export async function switchOn(cloud: Cloud, container: Docker.Container): Promise<void> {
  await changeEndpoints(cloud, () => container.start());
}

/** Ends a container of a cloud; its processes get half a minute. */
export async function switchOff(cloud: Cloud, container: Docker.Container): Promise<void> {
  await changeEndpoints(cloud, () => container.stop({ t: 30 }));
}

/** Ends a container of a cloud at once, and waits until it has ended. */
export async function cutPower(cloud: Cloud, container: Docker.Container): Promise<void> {
  await changeEndpoints(cloud, async () => {
    await container.kill({ signal: "SIGKILL" });
    await container.wait({ condition: "not-running" });
  });
}

/** Removes a container of a cloud with its unnamed volumes, running or not. One that is gone is a success. */
export async function remove(cloud: Cloud, container: Docker.Container): Promise<void> {
  try {
    await changeEndpoints(cloud, () => container.remove({ force: true, v: true }));
  } catch (error) {
    if (isNotFound(error)) return;
    if (!(error instanceof Error) || !error.message.includes("is already in progress")) throw error;
    await removed(container);
  }
}

/** Waits until the engine has removed a container, which somebody else has asked for. */
async function removed(container: Docker.Container): Promise<void> {
  try {
    await container.wait({ condition: "removed" });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** Puts a container on one more network of its cloud. */
export async function joinNetwork(cloud: Cloud, container: string, { network, address }: NetworkPlace): Promise<void> {
  const endpoint = { Container: container, EndpointConfig: { IPAMConfig: { IPv4Address: address } } };
  await changeEndpoints(cloud, () => openEngine().getNetwork(network).connect(endpoint));
}

/** Takes a container off a network of its cloud. */
export async function leaveNetwork(cloud: Cloud, container: string, network: string): Promise<void> {
  const endpoint = { Container: container, Force: true };
  await changeEndpoints(cloud, () => openEngine().getNetwork(network).disconnect(endpoint));
}

/**
 * Does something by which containers come onto networks or leave them, while no other process or call of this machine
 * does so in the cloud.
 *
 * Engines before 28.1 can lose count of what is on a network when one comes as another leaves, and then keep the network
 * until they are started anew (https://github.com/moby/moby/issues/42119).
 */
async function changeEndpoints(cloud: Cloud, work: () => Promise<unknown>): Promise<void> {
  await inTurn(join(cloud.folder, "endpoints.lock"), work);
}
