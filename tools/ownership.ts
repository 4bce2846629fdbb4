import { readCheckpoint, type Checkpoint, type StateResource } from "./clone-state.ts";
import { openEngine } from "./engine.ts";
import { ownVolumes } from "./own-volumes.ts";

/**
 * Two clones on one engine must not share an environment: a volume that exists is taken over without a word, and would
 * be removed with the other clone's data.
 * @throws when the engine has volumes of this stack that the clone's state does not know
 */
export async function refuseForeignVolumes(stack: string): Promise<void> {
  const filters = { label: [`landfall.stack=${stack}`] };
  const { Volumes: volumes } = await openEngine().listVolumes({ filters: JSON.stringify(filters) });
  const foreign = foreignVolumes(
    volumes.map(({ Name }) => Name),
    readCheckpoint(stack),
    ownVolumes(stack),
  );
  if (foreign.length === 0) return;
  throw new Error(
    `The Docker engine has volumes of an environment "${stack}" that this clone has not made: ${foreign.join(", ")}.\n` +
      `If another clone has made it, work there, or give this one another name (npm start -- --stack NAME, with a ` +
      `Pulumi.NAME.yaml of its own).\nIf its state is lost for good: remove the containers, networks and volumes labelled ` +
      `landfall.stack=${stack} (docker ps, docker network ls, docker volume ls, each with --filter), then run this again.`,
  );
}

/** The volumes that neither are in a state nor were being made when an update was cut off, now or earlier. */
export function foreignVolumes(
  names: string[],
  checkpoint: Checkpoint | undefined,
  noted: readonly string[] = [],
): string[] {
  const known = new Set([...noted, ...volumeNames(checkpoint?.resources ?? []), ...pendingVolumes(checkpoint)]);
  return names.filter((name) => !known.has(name));
}

/** The volumes that an update was making when it was cut off. */
export function pendingVolumes(checkpoint: Checkpoint | undefined): string[] {
  return volumeNames((checkpoint?.pending ?? []).map(({ resource }) => resource));
}

function volumeNames(resources: readonly StateResource[]): string[] {
  return resources.flatMap(({ type, inputs }) => {
    const name = inputs?.["name"];
    return type === "docker:index/volume:Volume" && typeof name === "string" ? [name] : [];
  });
}
