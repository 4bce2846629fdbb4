import type { DisturbedLanding, Kill } from "./landing.ts";

/** Counts what a drill did, system by system. */
export class Tally {
  readonly #systems = new Map<string, { landings: number; resumes: number; kills: Kill[]; faults: string[] }>();

  add(system: string, { kills, resumes, faults }: DisturbedLanding): void {
    const so = this.#of(system);
    so.landings += 1;
    so.resumes += resumes;
    so.kills.push(...kills);
    so.faults.push(...faults);
  }

  /** A fault that no landing has: the ground could not be laid, or somebody failed in between. */
  addFault(system: string, fault: string): void {
    this.#of(system).faults.push(fault);
  }

  /** Kills of a system so far. */
  killsOf(system: string): number {
    return this.#systems.get(system)?.kills.length ?? 0;
  }

  get kills(): number {
    return this.#all().reduce((sum, { kills }) => sum + kills.length, 0);
  }

  get faults(): readonly string[] {
    return this.#all().flatMap(({ faults }) => faults);
  }

  /** A table of all that was counted, as lines. */
  lines(): string[] {
    const kills = this.#all().flatMap((one) => one.kills);
    const perSystem = [...this.#systems].map(
      ([system, so]) =>
        `${system}: ${count(so.kills.length, "kill")} (${counted(so.kills.map(({ victim }) => victim))}), ` +
        `${count(so.resumes, "resume")}, ${count(so.landings, "landing")}, ${count(so.faults.length, "fault")}`,
    );
    return [
      ...perSystem,
      `victims: ${counted(kills.map(({ victim }) => victim))}`,
      `phases: ${counted(kills.map(({ phase }) => phase))}`,
    ];
  }

  #of(system: string): { landings: number; resumes: number; kills: Kill[]; faults: string[] } {
    const known = this.#systems.get(system);
    if (known !== undefined) return known;
    const fresh = { landings: 0, resumes: 0, kills: [], faults: [] };
    this.#systems.set(system, fresh);
    return fresh;
  }

  #all(): readonly { landings: number; resumes: number; kills: Kill[]; faults: string[] }[] {
    return [...this.#systems.values()];
  }
}

const count = (number: number, what: string): string => `${number.toString()} ${what}${number === 1 ? "" : "s"}`;

/** How often each word comes, the most frequent first. */
const counted = (words: readonly string[]): string =>
  [...Map.groupBy(words, (word) => word)]
    .sort(([, one], [, other]) => other.length - one.length)
    .map(([word, all]) => `${word} ${all.length.toString()}`)
    .join(", ");
