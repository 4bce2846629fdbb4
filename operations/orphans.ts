/** What an update that was cut off may have made on a Docker engine without the state knowing. */
import { openEngine as connect } from "@landfall/infra/engine/engine";
import { plainAddress } from "@landfall/infra/ssh/connection";
import type { Checkpoint, StateResource } from "@landfall/tools/clone-state";
import { openEngine, statusCode } from "@landfall/tools/engine";

/** A thing of Docker's that may be there without the state knowing. */
export interface Orphan {
  kind: "container" | "network";
  name: string;
  /** Address of the engine that it is on; undefined for the engine at hand. */
  engine: string | undefined;
  /** Identities of that kind that the state knows, and that stay. */
  known: Set<string>;
}

const kinds: Record<string, Orphan["kind"]> = {
  "docker:index/container:Container": "container",
  "docker:index/network:Network": "network",
};

/** What the engine may have made without the state knowing: names in use that the next update would stumble over. */
export function orphans({ resources, pending }: Checkpoint): Orphan[] {
  return pending.flatMap(({ type, resource }): Orphan[] => {
    const kind = kinds[resource.type];
    const name = resource.inputs?.["name"];
    if (type !== "creating" || kind === undefined || typeof name !== "string") return [];
    const known = resources.filter((other) => other.type === resource.type).map(({ id }: StateResource) => id ?? "");
    return [{ kind, name, engine: engineOf(resource, resources), known: new Set(known) }];
  });
}

/** The address of the engine that a resource is on, by its provider; undefined where that is the one at hand. */
function engineOf({ provider }: StateResource, resources: readonly StateResource[]): string | undefined {
  const urn = provider?.replace(/::[^:]*$/, "");
  const host = resources.find((resource) => resource.urn === urn)?.inputs?.["host"];
  if (typeof host !== "string" || !host.startsWith("ssh://")) return undefined;
  const addresses = resources.map(({ outputs }) => outputs?.["engine"]);
  return addresses.find((address) => typeof address === "string" && plainAddress(address) === host) as
    string | undefined;
}

/** Removes an orphan, unless it is gone or is none after all. */
export async function removeOrphan({ kind, name, engine, known }: Orphan, stack: string): Promise<void> {
  const docker = engine === undefined ? openEngine() : connect(engine);
  const filters = { label: [`landfall.stack=${stack}`], name: [name] };
  if (kind === "container") {
    for (const { Id, Names } of await docker.listContainers({ all: true, filters })) {
      if (known.has(Id) || !Names.includes(`/${name}`)) continue;
      console.error(`  removing the container ${name}, which was made and not noted`);
      await ignoreMissing(docker.getContainer(Id).remove({ force: true }));
    }
    return;
  }
  for (const { Id, Name } of await docker.listNetworks({ filters })) {
    if (known.has(Id) || Name !== name) continue;
    console.error(`  removing the network ${name}, which was made and not noted`);
    await ignoreMissing(docker.getNetwork(Id).remove());
  }
}

async function ignoreMissing(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (statusCode(error) !== 404) throw error;
  }
}
