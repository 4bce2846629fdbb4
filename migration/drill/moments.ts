import type { PhaseStart } from "./runner.ts";

/** Whom a kill is for. */
export type Victim = "runner" | "source" | "target";

/** Whom to kill, and when: so many milliseconds after a phase has begun. */
export interface Moment {
  readonly victim: Victim;
  readonly phase: string;
  readonly delay: number;
}

/** Kills of a landing at most; it still has to come to an end. */
const mostKills = 6;
const fewestKills = 3;

/** How long each phase takes when nobody disturbs it, in milliseconds; the end of the last is `end`. */
export function durationsOf(phases: readonly PhaseStart[], end: number): Map<string, number> {
  return new Map(
    phases.map(({ phase, at }, index) => [phase, Math.max((phases[index + 1]?.at ?? end) - at, 1)] as const),
  );
}

/**
 * Chooses the kills of one landing. Each phase is as likely as any other, however short it is. Those of the last phase
 * come last: with nothing left to copy, no other phase would be entered again.
 *
 * @param of.durations phases in their order, with their milliseconds
 * @param of.given kills of this system so far, so that the victims take turns from one landing to the next
 * @param random gives a whole number from 0 to one less than its argument
 */
export function chooseMoments(
  of: {
    readonly durations: ReadonlyMap<string, number>;
    readonly victims: readonly Victim[];
    readonly given: number;
    readonly most: number;
  },
  random: (below: number) => number,
): Moment[] {
  const phases = [...of.durations];
  const wanted = Math.min(fewestKills + random(mostKills - fewestKills + 1), of.most);
  const moments = Array.from({ length: wanted }, (_, index): Moment => {
    const [phase = "", duration = 0] = phases[random(phases.length)] ?? [];
    const victim = of.victims[(of.given + index) % of.victims.length] ?? "runner";
    return { victim, phase, delay: random(Math.ceil(duration)) };
  });
  const last = phases.at(-1)?.[0];
  return [...moments.filter(({ phase }) => phase !== last), ...moments.filter(({ phase }) => phase === last)];
}
