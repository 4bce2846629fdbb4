import { createHash } from "node:crypto";
import { putFiles, type ArchiveFile } from "../engine/archive.ts";
import { isNotFound, openEngine } from "../engine/engine.ts";

/** What files are delivered from, and to which volume. */
export interface FileDeliveryInputs {
  /** Address of the Docker engine. */
  readonly engine: string;
  /** Name of the volume. */
  readonly volume: string;
  /** Id of an image that lends a container to reach the volume; nothing of it is run. */
  readonly image: string;
  /** User and group that own the files and alone can read them. */
  readonly owner: number;
  /** File contents by name. */
  readonly files: Readonly<Record<string, string>>;
}

/** What the state keeps of a delivery. */
export type DeliveredFiles = FileDeliveryInputs & {
  /** When the volume was made: another time is another, empty volume. */
  readonly volumeCreatedAt: string;
};

/**
 * Puts files into a volume through a container that is made for it, never started and removed again: this works on a
 * remote engine too, and for containers whose root is read-only, into which Docker refuses to upload.
 */
export async function deliverFiles(inputs: FileDeliveryInputs): Promise<DeliveredFiles> {
  const engine = openEngine(inputs.engine);
  const container = await engine.createContainer({
    Image: inputs.image,
    Labels: { "landfall.delivery": inputs.volume },
    HostConfig: { NetworkMode: "none", Binds: [`${inputs.volume}:/delivery`] },
  });
  try {
    const files = Object.entries(inputs.files).map(([name, content]): [string, ArchiveFile] => [
      name,
      { content, mode: 0o400, owner: inputs.owner },
    ]);
    await putFiles(engine, { container: container.id, folder: "/delivery" }, Object.fromEntries(files));
  } finally {
    await container.remove({ force: true });
  }
  return { ...inputs, volumeCreatedAt: (await volumeCreatedAt(inputs)) ?? "" };
}

/** Whether the volume that was filled is still there: false after it was removed, even if one of its name exists. */
export async function isDelivered(delivered: DeliveredFiles): Promise<boolean> {
  return (await volumeCreatedAt(delivered)) === delivered.volumeCreatedAt;
}

/** Hash of file names and contents: a container that must be replaced when one of them changes carries it as a label. */
export function filesHash(files: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex").slice(0, 16);
}

async function volumeCreatedAt({ engine, volume }: FileDeliveryInputs): Promise<string | undefined> {
  try {
    const details: { Name: string; CreatedAt?: string } = await openEngine(engine).getVolume(volume).inspect();
    return details.CreatedAt;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
