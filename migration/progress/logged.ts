import type { Logger } from "pino";
import { unobserved, type ProgressObserver } from "./progress.ts";

/** An observer that notes in the log when a system enters a phase, for whoever follows a move by its lines. */
export const loggedPhases = (log: Logger): ProgressObserver => ({
  ...unobserved,
  phase: (system, phase) => {
    log.debug({ system, phase }, `${system}: ${phase}`);
  },
});
