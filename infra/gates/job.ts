import type Docker from "dockerode";
import { openEngine } from "../engine/engine.ts";
import { demultiplex, relevantLines } from "../engine/logs.ts";
import { runJob } from "./job-run.ts";

/** What a job's gate is fed with. */
export interface JobGateInputs {
  /** Address of the Docker engine. */
  readonly engine: string;
  /** Id of the job's container; the gate starts it. */
  readonly container: string;
  /** What it is to do, as the error says it: "move the database". */
  readonly purpose: string;
  /** Longest run, after which the container is stopped and the gate has failed. */
  readonly deadlineSeconds: number;
  /** What else the verdict holds for: a change runs the job again. */
  readonly triggers: Readonly<Record<string, string>>;
}

/** What a passed gate leaves in the state. */
export interface JobGateOutcome {
  readonly id: string;
  readonly outs: JobGateInputs & { readonly words: string };
}

/**
 * Runs a job's container and passes only when it exited with 0. The last line that it said is kept as what it has to say
 * for itself.
 *
 * @throws an Error without an id, with exit code and log lines, so that the next update runs it again
 */
export async function passJobGate(inputs: JobGateInputs): Promise<JobGateOutcome> {
  const engine = openEngine(inputs.engine);
  const { container, deadlineSeconds } = inputs;
  const exitCode = await runJob(engine, { container, deadlineSeconds, progress: lastLine });
  const log = await logOfThisRun(engine, container);
  if (exitCode === 0) return { id: container, outs: { ...inputs, words: lastLine(log) ?? "" } };
  const { Name } = await engine.getContainer(container).inspect();
  const name = Name.replace(/^\//, "");
  const ending =
    exitCode === undefined
      ? `it did not end within ${String(deadlineSeconds)} s and was stopped`
      : `it exited with code ${String(exitCode)}`;
  const lines = relevantLines(log);
  throw new Error(
    [
      `${name} did not ${inputs.purpose}: ${ending}`,
      ...(lines.length > 0 ? ["  log:", ...lines.map((line) => `    ${line}`)] : ["  log:    empty"]),
      `  next:   mend the cause and run the same command again (docker logs ${name})`,
    ].join("\n"),
  );
}

async function logOfThisRun(engine: Docker, id: string): Promise<string> {
  const container = engine.getContainer(id);
  const { State } = await container.inspect();
  const since = new Date(State.StartedAt).getTime() / 1000;
  return demultiplex(await container.logs({ stdout: true, stderr: true, follow: false, since }));
}

function lastLine(log: string): string | undefined {
  return log
    .split("\n")
    .filter((line) => line.trim() !== "")
    .at(-1);
}
