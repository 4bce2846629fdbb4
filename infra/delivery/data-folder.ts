import { dataFolder } from "../cloud-init/data-volume.ts";
import { scriptPath } from "../cloud-init/part.ts";
import { runOnServer, serverOf, type RunOnServer } from "./on-server.ts";

/** Where on which server a folder for data is wanted. */
export interface DataFolderInputs {
  /** Address of the server's engine. */
  readonly engine: string;
  /** Name of the folder: lower-case letters, digits and hyphens, 41 at most, starting with a letter. */
  readonly folder: string;
  /** Longest wait for the volume to be mounted: it is attached shortly before; 180 when left out. */
  readonly waitSeconds?: number;
}

/** What the state keeps of a folder. */
export interface DataFolderOutputs extends DataFolderInputs {
  /** Absolute path on the server. */
  readonly path: string;
}

const usualWaitSeconds = 180;
const connectSeconds = 60;

/**
 * Makes a folder on a server's data volume, unless it is there, once the volume is mounted. It is owned by root; nothing
 * is ever removed from the volume that way.
 *
 * @throws when the name is none, when the volume is not mounted in time, or when the server does not answer
 */
export async function makeDataFolder(
  inputs: DataFolderInputs,
  run: RunOnServer = runOnServer,
): Promise<DataFolderOutputs> {
  const { engine, folder, waitSeconds = usualWaitSeconds } = inputs;
  if (!/^[a-z][a-z0-9-]{0,40}$/.test(folder)) {
    throw new Error(
      `"${folder}" is no name for a folder on a data volume: use lower-case letters, digits and hyphens.`,
    );
  }
  const program = `sudo -n ${scriptPath("landfall-data")}`;
  const command = `${program} wait ${String(waitSeconds)} && ${program} folder ${folder}`;
  const { exitCode, stderr } = await run(engine, { command, seconds: waitSeconds + connectSeconds });
  if (exitCode !== 0) {
    throw new Error(
      `The folder ${dataFolder}/${folder} could not be made on the server at ${serverOf(engine)}: ${stderr.trim()}\n` +
        "  next: look on the server with: sudo landfall-data status; journalctl -u landfall-data",
    );
  }
  return { ...inputs, path: `${dataFolder}/${folder}` };
}
