import { randomNumbers } from "../../test/stacks/random.ts";
import { DrillGround } from "./ground.ts";
import { landDisturbed, landUndisturbed, type Kill } from "./landing.ts";
import { chooseMoments } from "./moments.ts";
import type { DrilledSystem } from "./systems.ts";
import { Tally } from "./tally.ts";

export interface KillDrillOptions {
  readonly systems: readonly DrilledSystem[];
  /** Kills in all; they are shared out evenly among the systems. */
  readonly kills: number;
  /** Repeats the choice of victims and moments. */
  readonly seed: number;
  /** Rows of a chunk: the smaller, the more moments there are. */
  readonly chunkRows: number;
  /** Minutes after which no landing is begun any more. */
  readonly minutes: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/**
 * Lands each system once undisturbed, then again and again with kills at random moments, and compares what each landing
 * leaves behind. Servers and folders are its own, and gone when it ends, however it ends.
 */
export async function drillKills(options: KillDrillOptions): Promise<Tally> {
  const tally = new Tally();
  const latest = performance.now() + options.minutes * 60_000;
  for (const [index, system] of options.systems.entries()) {
    if (options.signal.aborted) break;
    const share = Math.ceil((options.kills - tally.kills) / (options.systems.length - index));
    try {
      await drillSystem(options, { system, share, latest, tally });
    } catch (error) {
      tally.addFault(system.plan.system, error instanceof Error ? error.message : String(error));
    }
  }
  if (tally.kills < options.kills)
    tally.addFault("drill", `it ended after ${tally.kills.toString()} of ${options.kills.toString()} kills`);
  return tally;
}

/** Faulty landings of a system after which more of them would tell nothing new. */
const mostFaulty = 3;

async function drillSystem(
  options: KillDrillOptions,
  of: { system: DrilledSystem; share: number; latest: number; tally: Tally },
): Promise<void> {
  const { chunkRows, signal, say } = options;
  const { system, share, latest, tally } = of;
  const { system: name } = system.plan;
  const random = randomNumbers(options.seed);
  const ground = await DrillGround.open(system);
  try {
    const undisturbed = await landUndisturbed({ ground, chunkRows, signal });
    const phases = [...undisturbed.durations].map(([phase, duration]) => `${phase} ${Math.round(duration).toString()}`);
    say(`${name}: undisturbed, milliseconds: ${phases.join(", ")}`);
    const victims =
      ground.source === undefined ? (["runner", "target"] as const) : (["runner", "source", "target"] as const);
    let faulty = 0;
    while (tally.killsOf(name) < share && performance.now() < latest && faulty < mostFaulty) {
      const given = tally.killsOf(name);
      const moments = chooseMoments({ ...undisturbed, victims, given, most: share - given }, random);
      const onKill = (kill: Kill): void => {
        say(lineOf(kill));
      };
      const landing = await landDisturbed({ ground, chunkRows, signal, moments, onKill }, undisturbed);
      tally.add(name, landing);
      if (landing.faults.length > 0) faulty += 1;
      for (const fault of landing.faults) say(`${name}: FAULT: ${fault}`);
    }
  } finally {
    await ground.close();
  }
}

function lineOf({ system, victim, phase, at, exitCode, said }: Kill): string {
  const end = said === "" ? "" : `; the runner ended with ${String(exitCode)}: ${said.split("\n", 1)[0] ?? ""}`;
  return `${system}: ${victim} killed while ${phase}, after ${at.toString()} ms${end}`;
}
