import { scriptPath } from "../cloud-init/part.ts";
import { isUnreached, runOnServer, serverOf, type RunOnServer } from "./on-server.ts";

/** Which server has which volume mounted. */
export interface DataMountInputs {
  /** Address of the server's engine. */
  readonly engine: string;
  /** Label of the volume. */
  readonly volume: string;
}

const program = `sudo -n ${scriptPath("landfall-data")}`;
/** A volume is attached shortly before, and a filesystem may have to be made or looked through. */
const mountSeconds = 180;
/** Containers get a minute to end, one after the other at worst. */
const releaseSeconds = 300;

/** Waits until a server has its data volume mounted. @throws when it is not in time, with what the server says */
export async function awaitMount({ engine, volume }: DataMountInputs, run: RunOnServer = runOnServer): Promise<void> {
  const command = `${program} wait ${String(mountSeconds)}`;
  const { exitCode, stderr } = await run(engine, { command, seconds: mountSeconds + 60 });
  if (exitCode === 0) return;
  throw new Error(
    `The server at ${serverOf(engine)} has not mounted the volume "${volume}": ${stderr.trim()}\n` +
      "  next: look on the server with: sudo landfall-data status; journalctl -u landfall-data",
  );
}

/**
 * Lets a server end its work in order and unmount its data volume, before the volume or the server is taken away. A
 * server that is gone or does not answer has nothing to unmount any more.
 *
 * @throws when the server answers and does not let go
 */
export async function releaseMount({ engine, volume }: DataMountInputs, run: RunOnServer = runOnServer): Promise<void> {
  const result = await run(engine, { command: `${program} release`, seconds: releaseSeconds });
  if (result.exitCode === 0) return;
  const host = serverOf(engine);
  if (isUnreached(result)) {
    console.log(`The server at ${host} does not answer, so it was not asked to unmount the volume "${volume}".`);
    return;
  }
  throw new Error(
    `The server at ${host} does not let go of the volume "${volume}": ${result.stderr.trim()}\n` +
      `  next: log in to it, end what uses the volume, and run: ${program} release; then run the same command again`,
  );
}
