/** What the engine says of a container, as far as its end is concerned. */
export interface Vitals {
  /** Id of the image that it runs. */
  readonly image: string;
  readonly status: string;
  readonly running: boolean;
  readonly restarting: boolean;
  readonly exitCode: number;
  /** How often the engine has started it again, ever. */
  readonly restarts: number;
}

/** So many deaths while a gate watches, and no later look can be worth the wait. */
const deadlyRestarts = 3;

/**
 * Why a container can no longer pass a gate: it runs another image, has ended, or dies again and again.
 *
 * @param restartsBefore how often it had been started again when the gate began to watch: old deaths do not count
 * @returns the reason, or undefined while there is hope
 */
export function whyDead(vitals: Vitals, image: string, restartsBefore: number): string | undefined {
  const { running, restarting, status, exitCode, restarts } = vitals;
  if (vitals.image !== image) return `it runs the image ${vitals.image}, ${image} was asked for`;
  const deaths = restarts - restartsBefore;
  if (deaths >= deadlyRestarts) {
    return `it has died ${String(deaths)} times while it was watched, last with exit code ${String(exitCode)}`;
  }
  return !running && !restarting && status !== "created" ? `it has exited with code ${String(exitCode)}` : undefined;
}
