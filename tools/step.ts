/** One thing that the project needs on a machine. */
export interface Step {
  /** What it is, as a person would say it. */
  readonly name: string;
  /** How long it takes when it has to be done, in seconds, on two cores. */
  readonly estimate: number;
  /** Why it has to be done, or undefined when it is there. Quick, and changes nothing. */
  needed(): Promise<string | undefined> | string | undefined;
  /** Does it, whole or not at all; says what it installs. Throws an error that says what to do by hand. */
  run(progress: Progress): Promise<void>;
}

/** Tells how a step goes on. */
export interface Progress {
  /** Something that a person should read: what is installed, which way is taken. */
  say(text: string): void;
  /** What is being done right now; shown with the time that has gone by. */
  detail(text: string): void;
}

/** Seconds as people write them: `4 s`, `1 min 30 s`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${String(whole)} s`;
  const rest = whole % 60;
  return `${String(Math.floor(whole / 60))} min${rest === 0 ? "" : ` ${String(rest)} s`}`;
}

/** How often the time gone by is shown: on a terminal in place, in a log as a line now and then. */
const SECONDS_BETWEEN_LINES = 30;

/**
 * Does a step if it is needed.
 * @returns the seconds that it took, 0 when nothing was to be done
 */
export async function take(step: Step): Promise<number> {
  const reason = await step.needed();
  if (reason === undefined) return 0;
  const started = performance.now();
  const elapsed = (): number => (performance.now() - started) / 1000;
  const terminal = process.stderr.isTTY;
  let current = "";
  const clear = terminal ? "\r\x1b[K" : "";
  const show = (text: string): void => void process.stderr.write(`${clear}${text}\n`);
  show(`• ${step.name}: ${reason}. Takes about ${duration(step.estimate)}.`);
  const timer = setInterval(
    () => {
      const text = `  ${duration(elapsed())} ${current}`;
      if (terminal) process.stderr.write(`${clear}${text.slice(0, (process.stderr.columns || 80) - 1)}`);
      else show(text);
    },
    terminal ? 1000 : SECONDS_BETWEEN_LINES * 1000,
  );
  try {
    await step.run({
      say: (text) => {
        show(`  ${text}`);
      },
      detail: (text) => {
        current = text;
      },
    });
    const left = await step.needed();
    if (left !== undefined) throw new Error(`It was done, and still: ${left}.`);
  } catch (error) {
    throw new Error(`${step.name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  } finally {
    clearInterval(timer);
    process.stderr.write(clear);
  }
  show(`  ${step.name}: done in ${duration(elapsed())}.`);
  return elapsed();
}
