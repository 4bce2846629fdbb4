import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KeptReport, LandingReport } from "@landfall/app/console/landing-report";
import { run } from "@landfall/migration/commands/run";
import { verifyCommand } from "@landfall/migration/commands/verify";
import { AnotherRunner, exitCodeOf, exitCodes, Refusal } from "@landfall/migration/engine/outcome";
import { createLog } from "@landfall/migration/log";
import { NoDump } from "@landfall/migration/rollback/client-programs";
import type { Settings } from "@landfall/migration/settings";
import type { Report, SystemReport } from "@landfall/migration/report";
import { keep, landingReport } from "@landfall/migration/report/landing-report";
import { noFiles } from "@landfall/migration/report/lost-files";
import { readParticulars, recordReport } from "@landfall/migration/report/record";
import { connectTarget } from "./connect.ts";
import { checkDatabases } from "./check-databases.ts";
import { planOf, targetOf, type Context } from "./context.ts";
import { rememberTarget, type LastTarget } from "./last-target.ts";
import { writeReportFiles } from "./report-files.ts";
import { settingsOf } from "./settings.ts";
import { summary } from "./summary.ts";

/** What is remembered of the target, for commands that only read. */
function lastTargetOf(request: Context["request"]): LastTarget {
  const { shown, config } = targetOf(request);
  return typeof config.password === "string" ? { shown, password: config.password } : { shown };
}

/** Moves a system, or compares what has landed with its source, and tells what came of it. Gives the exit code. */
export async function landingCommand(context: Context): Promise<number> {
  const { request, output, print } = context;
  const started = performance.now();
  const folder = mkdtempSync(join(tmpdir(), "landfall-"));
  const reportPath = join(folder, "report.json");
  let failure: unknown;
  try {
    await checkDatabases(request);
    if (request.command === "migrate") rememberTarget(lastTargetOf(request));
    const log = createLog(output.logLevel, {
      write: (line) => {
        output.log(line);
      },
    });
    const settings = settingsOf(context, reportPath);
    if (request.command === "verify") await verifyCommand(settings, log);
    else await move(context, settings, log);
  } catch (error) {
    failure = error;
  }
  const outcome = outcomeIn(reportPath, request.system);
  rmSync(folder, { recursive: true, force: true });
  const seconds = (performance.now() - started) / 1000;
  const [report, kept] = await reportOf(context, { outcome, failure, seconds });
  output.close();
  await writeReportFiles(request, report, kept);
  await print(request.json ? `${JSON.stringify(report)}\n` : summary(report));
  if (failure !== undefined) return exitCodeOf(failure);
  return report.ok ? exitCodes.verified : exitCodes.failed;
}

/** Where no dump can be made and none was asked for by name, a move goes on without a rollback point, and says so. */
async function move(
  { request, output, signal }: Context,
  settings: Settings,
  log: ReturnType<typeof createLog>,
): Promise<void> {
  try {
    await run(settings, log, signal);
  } catch (error) {
    if (!(error instanceof NoDump) || request.rollbackDirectory !== undefined) throw error;
    output.note(request.system, `No rollback point is taken: ${error.message}`);
    await run({ ...settings, rollbackDirectory: "" }, log, signal);
  }
}

/** What the engine has written of the system, if it came that far. */
function outcomeIn(path: string, system: string): SystemReport | undefined {
  if (!existsSync(path)) return undefined;
  const { details } = JSON.parse(readFileSync(path, "utf8")) as Report;
  return details.find((one) => one.system === system);
}

interface Ending {
  readonly outcome: SystemReport | undefined;
  readonly failure: unknown;
  readonly seconds: number;
}

async function reportOf(context: Context, ending: Ending): Promise<[LandingReport, KeptReport]> {
  const { request } = context;
  const { failure } = ending;
  const facts = {
    plan: planOf(request),
    outcome: ending.outcome,
    files: noFiles,
    quarantine: [],
    seconds: ending.seconds,
    release: context.release,
    source: request.source?.shown ?? "",
    target: targetOf(request).shown,
    ...(failure === undefined ? {} : { error: messageOf(failure) }),
    ...(failure instanceof Refusal ? { faults: failure.faults } : {}),
  };
  const untouched = failure instanceof Refusal || failure instanceof AnotherRunner;
  // Where the target cannot be read any more, that is what the failure is about.
  const connection = untouched ? undefined : await connectTarget(request).catch(() => undefined);
  if (connection === undefined) {
    const report = landingReport(facts);
    return [report, keep(report)];
  }
  try {
    const report = landingReport({ ...facts, ...(await readParticulars(connection.client, request.system)) });
    const kept = keep(report);
    if (request.command === "migrate") await recordReport(connection.client, report, kept);
    return [report, kept];
  } finally {
    await connection.close();
  }
}

/** What a refusal is about: its faults are told by themselves. */
function messageOf(error: unknown): string {
  if (error instanceof Refusal) return error.message.split(":\n", 1)[0] ?? "";
  return error instanceof Error ? error.message : String(error);
}
