import { contentOf, differencesOf, type Content } from "./content.ts";
import type { DrillGround, DrillTarget } from "./ground.ts";
import { durationsOf, type Moment, type Victim } from "./moments.ts";
import { DrillRunner } from "./runner.ts";

/** One kill, as it came about. */
export interface Kill {
  readonly system: string;
  readonly victim: Victim;
  /** The phase that the runner was in. */
  readonly phase: string;
  /** Milliseconds since the runner had been started. */
  readonly at: number;
  /** How the runner ended, and its last words. */
  readonly exitCode: number | null;
  readonly said: string;
}

/** What became of a landing that was disturbed. */
export interface DisturbedLanding {
  readonly kills: readonly Kill[];
  /** Runners that went on where another one had been killed. */
  readonly resumes: number;
  /** Everything that was not as it should be; nothing where the landing ended like an undisturbed one. */
  readonly faults: readonly string[];
}

/** An undisturbed landing: what it leaves behind, and how long each of its phases took, in milliseconds. */
export interface Undisturbed {
  readonly content: Content;
  readonly durations: ReadonlyMap<string, number>;
}

export interface LandingOptions {
  readonly ground: DrillGround;
  readonly chunkRows: number;
  readonly signal: AbortSignal;
}

/** Milliseconds after which a runner hangs, for all that anybody knows. */
const patience = 240_000;

/** Lands a system once without any kill. Throws where that fails. */
export async function landUndisturbed({ ground, chunkRows, signal }: LandingOptions): Promise<Undisturbed> {
  const target = await ground.fresh(chunkRows);
  const began = performance.now();
  const runner = new DrillRunner(target.environment);
  const exitCode = await ended(runner, signal);
  if (exitCode !== 0) throw new Error(`An undisturbed landing ended with ${String(exitCode)}: ${lastOf(runner)}`);
  const durations = durationsOf(runner.phases, performance.now() - began);
  const content = await contentOf(target.config, ground.system.plan, target.store);
  await target.drop();
  return { content, durations };
}

/** Lands a system, kills somebody at each of the moments, and lets it come to its end after the last. */
export async function landDisturbed(
  options: LandingOptions & { readonly moments: readonly Moment[]; readonly onKill: (kill: Kill) => void },
  undisturbed: Undisturbed,
): Promise<DisturbedLanding> {
  const { ground, signal } = options;
  const target = await ground.fresh(options.chunkRows);
  const kills: Kill[] = [];
  const faults: string[] = [];
  let runners = 0;
  let exitCode: number | null = null;
  for (const moment of options.moments) {
    runners += 1;
    const runner = new DrillRunner(target.environment);
    const kill = await disturb(options, runner, moment);
    exitCode = await ended(runner, signal);
    await Promise.all([ground.target.revived(), ground.source?.revived()]);
    if (runner.unplain !== "") faults.push(`a runner broke down: ${runner.unplain.slice(0, 2000)}`);
    if (kill === undefined) break;
    const so = { ...kill, exitCode, said: moment.victim === "runner" ? "" : runner.lastWord };
    kills.push(so);
    options.onKill(so);
  }
  if (exitCode !== 0 || kills.length === options.moments.length) {
    runners += 1;
    const last = new DrillRunner(target.environment);
    exitCode = await ended(last, signal);
    if (exitCode !== 0) faults.push(`the last runner ended with ${String(exitCode)}: ${lastOf(last)}`);
  }
  faults.push(...(await faultsOf(ground, target, undisturbed)));
  await target.drop();
  return { kills, resumes: runners - 1, faults };
}

/** Kills somebody at a moment; undefined where the runner came to its end before. */
async function disturb(
  { ground, signal }: LandingOptions,
  runner: DrillRunner,
  moment: Moment,
): Promise<Pick<Kill, "system" | "victim" | "phase" | "at"> | undefined> {
  const began = performance.now();
  await runner.enters(moment.phase);
  const gone = await Promise.race([
    runner.exit.then(() => true),
    new Promise<false>((resolve) => {
      setTimeout(() => {
        resolve(false);
      }, moment.delay);
    }),
  ]);
  if (gone || signal.aborted) return undefined;
  const { phase } = runner;
  const at = Math.round(performance.now() - began);
  if (moment.victim === "runner") runner.kill();
  else await (moment.victim === "target" ? ground.target : ground.source)?.kill();
  return { system: ground.system.plan.system, victim: moment.victim, phase, at };
}

/** Waits for the end of a runner. One that does not come to an end is killed, and null is what it ends with. */
async function ended(runner: DrillRunner, signal: AbortSignal): Promise<number | null> {
  const giveUp = (): void => {
    runner.kill();
  };
  const timer = setTimeout(giveUp, patience);
  signal.addEventListener("abort", giveUp);
  try {
    if (signal.aborted) giveUp();
    const exitCode = await runner.exit;
    signal.throwIfAborted();
    return exitCode;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", giveUp);
  }
}

const lastOf = ({ lastWord, unplain }: DrillRunner): string => [lastWord, unplain].filter(Boolean).join("\n");

async function faultsOf(ground: DrillGround, target: DrillTarget, { content }: Undisturbed): Promise<string[]> {
  const found = await contentOf(target.config, ground.system.plan, target.store);
  return differencesOf(content, found).map(
    (name) => `${name} differs: ${found[name] ?? "nothing"} in place of ${content[name] ?? "nothing"}`,
  );
}
