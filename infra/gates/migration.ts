import type Docker from "dockerode";
import { openEngine } from "../engine/engine.ts";
import { readFile } from "../engine/archive.ts";
import { failureLines } from "../engine/logs.ts";
import { runJob } from "./job-run.ts";
import { progressLine } from "./progress.ts";
import { landedSystems, readReport, reportFaults, type LandedSystem, type MigrationReport } from "./report.ts";

/** What the migration gate is fed with. */
export interface MigrationGateInputs {
  /** Address of the Docker engine. */
  readonly engine: string;
  /** Id of the container that migrates; the gate starts it. */
  readonly container: string;
  /** Path of the report in the container. */
  readonly report: string;
  /** Legacy systems that the report must show as verified. */
  readonly systems: readonly string[];
  /** Longest run, after which the container is stopped and the gate has failed. */
  readonly deadlineSeconds: number;
  /** What else the verdict holds for: a change runs the migration again. */
  readonly triggers: Readonly<Record<string, string>>;
}

/** What a passed gate leaves in the state: the counts that the reviewer and the operator ask for. */
export interface MigrationGateOutcome {
  readonly id: string;
  readonly outs: MigrationGateInputs & {
    readonly landed: readonly LandedSystem[];
  };
}

/**
 * Starts the migration's container (or joins the run that an interrupted update left behind), waits for its end, and
 * passes only when it exited with 0 and its report shows every system verified.
 *
 * @throws an Error without an id, with exit code, report and log lines, so that the next update runs it again
 */
export async function passMigrationGate(inputs: MigrationGateInputs): Promise<MigrationGateOutcome> {
  const engine = openEngine(inputs.engine);
  const exitCode = await runJob(engine, { ...inputs, progress: progressLine });
  const { State } = await engine.getContainer(inputs.container).inspect();
  const report = readReport(await readFile(engine, inputs.container, inputs.report), new Date(State.StartedAt));
  const faults = exitCode === 0 ? reportFaults(report, inputs.systems) : [describeExit(exitCode, inputs)];
  if (report === undefined || faults.length > 0) throw await failure(engine, inputs, { faults, report });
  return {
    id: inputs.container,
    outs: {
      ...inputs,
      landed: landedSystems(report),
    },
  };
}

function describeExit(exitCode: number | undefined, { deadlineSeconds }: MigrationGateInputs): string {
  switch (exitCode) {
    case undefined:
      return `it did not end within ${String(deadlineSeconds)} s and was stopped; it goes on at the next run`;
    case 2:
      return "it refused to begin, and nothing was written (exit code 2)";
    case 3:
      return "another runner holds the target (exit code 3)";
    default:
      return `it exited with code ${String(exitCode)}`;
  }
}

async function failure(
  engine: Docker,
  { container }: MigrationGateInputs,
  { faults, report }: { faults: readonly string[]; report: MigrationReport | undefined },
): Promise<Error> {
  const { Name } = await engine.getContainer(container).inspect();
  const name = Name.replace(/^\//, "");
  const log = await failureLines(engine, container);
  return new Error(
    [
      `${name} did not migrate: ${faults.join("; ")}`,
      ...(report?.failure === undefined ? [] : [`  report: ${report.failure}`]),
      ...(log.length > 0 ? ["  log:", ...log.map((line) => `    ${line}`)] : ["  log:    empty"]),
      `  next:   mend the cause and run the same command again; it goes on where it was (docker logs ${name})`,
    ].join("\n"),
  );
}
