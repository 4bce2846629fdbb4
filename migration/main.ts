import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import { exitCodeOf, exitCodes } from "./engine/outcome.ts";
import { planCommand } from "./commands/plan.ts";
import { run } from "./commands/run.ts";
import { statusCommand } from "./commands/status.ts";
import { verifyCommand } from "./commands/verify.ts";
import { createLog } from "./log.ts";
import { loggedPhases } from "./progress/logged.ts";
import { combineReports, writeReport } from "./report.ts";
import { recordRun } from "./report/record-run.ts";
import { readSettings, type Settings } from "./settings.ts";

const usage = `landfall-migration COMMAND

  run                 moves the systems of MIGRATION_SYSTEMS and verifies the move; goes on where it was interrupted
  plan [--markdown]   says what a move would do, from one pass over the sources; --markdown: the mapping, without any database
  verify              compares what has landed with the sources as they are now; changes nothing
  status              prints what the target knows of each system

Exit codes: 0 verified (or nothing wrong), 1 failed, 2 refused before anything was written, 3 another runner is at work.
Settings are environment variables: see docs.
`;

/** Runs one command and gives its exit code. The last log line is the outcome. */
export async function main(words: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const [command = "", ...rest] = words;
  if (!["run", "plan", "verify", "status"].includes(command)) {
    process.stderr.write(usage);
    return exitCodes.refused;
  }
  const log = createLog(environment["LOG_LEVEL"] ?? "info");
  const stopping = new AbortController();
  const stop = (): void => {
    log.warn("asked to stop; ending between two chunks");
    stopping.abort();
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  try {
    if (command === "plan" && rest.includes("--markdown")) return planCommand.markdown(environment);
    const settings = await settingsOf(command, environment);
    if (command === "run") await runAndRecord({ ...settings, observer: loggedPhases(log) }, log, stopping.signal);
    else if (command === "plan") await planCommand.survey(settings, log);
    else if (command === "verify") await verifyCommand(settings, log);
    else await statusCommand(settings);
    return exitCodes.verified;
  } catch (error) {
    log.error({ exitCode: exitCodeOf(error) }, error instanceof Error ? error.message : String(error));
    return exitCodeOf(error);
  } finally {
    process.off("SIGTERM", stop);
    process.off("SIGINT", stop);
  }
}

/** The record of each system is kept in the target, however the run ends. */
async function runAndRecord(settings: Settings, log: Logger, signal: AbortSignal): Promise<void> {
  try {
    await run(settings, log, signal);
  } catch (error) {
    await recordRun(settings, log, error);
    throw error;
  }
  await recordRun(settings, log);
}

/** Settings that cannot be used are told in the report too, where the environment names a place for it. */
async function settingsOf(command: string, environment: NodeJS.ProcessEnv): Promise<Settings> {
  const startedAt = new Date();
  try {
    return readSettings(environment);
  } catch (error) {
    const path = environment["REPORT_PATH"];
    if (command === "run" && path !== undefined && path !== "") {
      const failure = error instanceof Error ? error.message : String(error);
      await writeReport(
        path,
        combineReports([], [], { release: environment["RELEASE"] ?? "unknown", startedAt, failure }),
      );
    }
    throw error;
  }
}

const invoked = process.argv[1];
if (invoked !== undefined && realpathSync(invoked) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2), process.env);
}
