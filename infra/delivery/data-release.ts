import { scriptPath } from "../cloud-init/part.ts";
import { systemClock, type Clock } from "../gates/watch.ts";
import { isUnreached, runOnServer, serverOf, type RunOnServer } from "./on-server.ts";

/** Which server is to have a volume. */
export interface VolumeHandoverInputs {
  /** Label of the volume. */
  readonly volume: string;
  /** Id of the machine that is to have it. */
  readonly instance: number;
  /** Address of that machine's engine. */
  readonly engine: string;
  /**
   * Takes the volume from a machine before that no longer answers. Only for one that is known to be off: its last writes
   * are then as a power cut left them.
   */
  readonly force?: boolean;
}

const tries = 5;
const waitSeconds = 10;
/** Containers get a minute to end, one after the other at worst. */
const releaseSeconds = 300;

/**
 * Lets the machine that has a volume end its work in order and unmount it, before another machine gets it: its
 * containers are stopped, and what they wrote is on the disk. Without another machine there is nothing to do.
 *
 * @param before who has it
 * @throws when the machine before cannot be reached and `force` is not set, or when it cannot let go
 */
export async function handVolumeOver(
  inputs: VolumeHandoverInputs,
  before: VolumeHandoverInputs,
  { run, clock }: { run: RunOnServer; clock: Clock } = { run: runOnServer, clock: systemClock },
): Promise<void> {
  if (before.engine === inputs.engine) return;
  const command = `sudo -n ${scriptPath("landfall-data")} release`;
  const host = serverOf(before.engine);
  for (let attempt = 1; ; attempt++) {
    const result = await run(before.engine, { command, seconds: releaseSeconds });
    if (result.exitCode === 0) return;
    if (!isUnreached(result)) {
      throw new Error(
        `The server at ${host} does not let go of the volume "${before.volume}": ${result.stderr.trim()}\n` +
          `  next: log in to it, end what uses the volume, and run: ${command}; then run the update again`,
      );
    }
    if (attempt >= tries) {
      if (inputs.force === true) {
        console.log(`The server at ${host} does not answer; the volume "${before.volume}" is taken from it as it is.`);
        return;
      }
      throw new Error(
        `The server at ${host}, which has the volume "${before.volume}", does not answer: ${result.stderr.trim()}\n` +
          "  A volume that is taken from a running server loses what was not yet written, so nothing was changed.\n" +
          "  next: start the server, or mend the way to it, and run the update again; only if it is gone for good, switch " +
          `its Linode (id ${String(before.instance)}) off and set previousLost of the server in landfall:servers to true`,
      );
    }
    await clock.wait(waitSeconds * 1000);
  }
}
