/** What an update that was cut off may have made on a Docker engine without the state knowing. */
import { openEngine as connect } from "@landfall/infra/engine/engine";
import { plainAddress } from "@landfall/infra/ssh/connection";
import { readCheckpoint, type Checkpoint, type StateResource } from "@landfall/tools/clone-state";
import { openEngine, statusCode } from "@landfall/tools/engine";

/** A thing of Docker's that may be there without the state knowing. */
export interface Orphan {
  kind: "container" | "network";
  name: string;
  /** Address of the engine that it is on; undefined for the engine at hand. */
  engine: string | undefined;
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
    return [{ kind, name, engine: engineOf(resource, resources) }];
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

/**
 * Removes an orphan, unless it is gone or the state knows it by now.
 * @returns whether there was one to remove
 */
export async function removeOrphan({ kind, name, engine }: Orphan, stack: string): Promise<boolean> {
  const docker = engine === undefined ? openEngine() : connect(engine);
  const filters = { label: [`landfall.stack=${stack}`], name: [name] };
  const known = new Set(readCheckpoint(stack)?.resources.map(({ id }) => id));
  const found =
    kind === "container"
      ? (await docker.listContainers({ all: true, filters }))
          .filter(({ Id, Names }) => Names.includes(`/${name}`) && !known.has(Id))
          .map(({ Id }) => docker.getContainer(Id))
      : (await docker.listNetworks({ filters }))
          .filter(({ Id, Name }) => Name === name && !known.has(Id))
          .map(({ Id }) => docker.getNetwork(Id));
  for (const one of found) {
    console.error(`  removing the ${kind} ${name}, which was made and not noted`);
    await ignoreMissing(one.remove({ force: true }));
  }
  return found.length > 0;
}

async function ignoreMissing(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (statusCode(error) !== 404) throw error;
  }
}
