import type Docker from "dockerode";
import { recentLog } from "../engine/logs.ts";

/** How often a long run says how far it is. */
const progressMilliseconds = 10_000;

/** A container that does one thing and ends. */
export interface Job {
  /** Id of the container; it need not run yet. */
  readonly container: string;
  /** Longest run, after which the container is stopped. */
  readonly deadlineSeconds: number;
  /** How far it is, in one line, by the end of its log; undefined when that says nothing. */
  readonly progress: (log: string) => string | undefined;
}

/**
 * Starts a job's container, or joins the run that an interrupted update left behind, and waits for its end. It prints how
 * far the run is; the engine shows it among its own lines.
 *
 * @returns its exit code, or undefined when it had to be stopped at the deadline
 */
export async function runJob(engine: Docker, job: Job): Promise<number | undefined> {
  const container = engine.getContainer(job.container);
  // 304, "already started", is what a run that outlived an interrupted update answers: it is joined.
  await container.start().catch((error: unknown) => {
    if (!(typeof error === "object" && error !== null && "statusCode" in error && error.statusCode === 304))
      throw error;
  });
  const signal = AbortSignal.timeout(job.deadlineSeconds * 1000);
  const reporter = reportProgress(engine, job);
  try {
    const { StatusCode } = (await container.wait({ condition: "not-running", abortSignal: signal })) as {
      StatusCode: number;
    };
    return StatusCode;
  } catch (error) {
    if (!signal.aborted) throw error;
    await container.stop({ t: 30 });
    return undefined;
  } finally {
    clearInterval(reporter);
  }
}

/** Prints how far the run is, when that has changed. */
function reportProgress(engine: Docker, { container, progress }: Job): NodeJS.Timeout {
  let said: string | undefined;
  const report = async (): Promise<void> => {
    const line = progress(await recentLog(engine, container));
    if (line !== undefined && line !== said) console.log(line);
    said = line;
  };
  return setInterval(() => void report(), progressMilliseconds);
}
