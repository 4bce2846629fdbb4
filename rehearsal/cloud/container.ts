import type Docker from "dockerode";
import { createHash } from "node:crypto";
import { isNotFound } from "../../infra/engine/engine.ts";
import { openEngine } from "../../tools/engine.ts";
import { addressOf, labelsOf, nameOf, places, type Cloud } from "./cloud.ts";
import { remove, switchOn } from "./endpoints.ts";
import { publicNetwork } from "./network.ts";

/** A container of a cloud. */
export interface ContainerSpec {
  /** Makes its name, `landfall-rehearsal-<stack>-<noun>`. */
  readonly noun: string;
  /** Full name of its image. */
  readonly image: string;
  /** Its address on the public network. Docker chooses one when it is left out. */
  readonly address?: string;
  readonly hostname?: string;
  readonly command?: readonly string[];
  /** In place of the image's own. */
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** As Docker has them: `/absolute/folder:/in/container:ro`. */
  readonly mounts?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  /** The engine's further settings. The network, the resolver and the mounts are set already. */
  readonly settings?: Docker.HostConfig & { readonly CgroupnsMode?: "host" | "private" };
}

const specLabel = "landfall.rehearsal.made-from";

/** Makes a container of a cloud on its public network, with its resolver, and does not start it. */
export async function createContainer(cloud: Cloud, spec: ContainerSpec): Promise<Docker.Container> {
  const { address, command, entrypoint, hostname } = spec;
  return openEngine().createContainer({
    name: nameOf(cloud, spec.noun),
    Image: spec.image,
    ...(hostname === undefined ? {} : { Hostname: hostname }),
    ...(command === undefined ? {} : { Cmd: [...command] }),
    ...(entrypoint === undefined ? {} : { Entrypoint: [...entrypoint] }),
    Env: Object.entries(spec.environment ?? {}).map(([name, value]) => `${name}=${value}`),
    Labels: { ...labelsOf(cloud), [specLabel]: fingerprint(cloud, spec), ...spec.labels },
    HostConfig: {
      NetworkMode: publicNetwork(cloud),
      Dns: [addressOf(cloud, places.resolver)],
      Binds: [...(spec.mounts ?? [])],
      ...spec.settings,
    },
    NetworkingConfig: {
      EndpointsConfig: {
        [publicNetwork(cloud)]: address === undefined ? {} : { IPAMConfig: { IPv4Address: address } },
      },
    },
  });
}

/**
 * Lets a container of a cloud run as it is described: leaves it alone when it does, starts it when it has ended, and
 * makes it anew when it was made from another description.
 *
 * @returns whether it was started or made now
 */
export async function startContainer(cloud: Cloud, spec: ContainerSpec): Promise<boolean> {
  const known = await inspectContainer(cloud, spec.noun);
  if (known?.Config.Labels[specLabel] === fingerprint(cloud, spec)) {
    if (known.State.Running) return false;
    await switchOn(cloud, openEngine().getContainer(known.Id));
    return true;
  }
  await removeContainer(cloud, spec.noun);
  await switchOn(cloud, await createContainer(cloud, spec));
  return true;
}

/** What the engine knows of a container of a cloud; undefined when there is none. */
export async function inspectContainer(cloud: Cloud, noun: string): Promise<Docker.ContainerInspectInfo | undefined> {
  try {
    return await openEngine().getContainer(nameOf(cloud, noun)).inspect();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Removes a container of a cloud with its unnamed volumes, running or not. One that is gone is a success. */
export async function removeContainer(cloud: Cloud, noun: string): Promise<void> {
  await remove(cloud, openEngine().getContainer(nameOf(cloud, noun)));
}

function fingerprint(cloud: Cloud, spec: ContainerSpec): string {
  return createHash("sha256")
    .update(JSON.stringify([cloud.prefix, spec]))
    .digest("hex");
}
