import type { ObjectStore } from "@landfall/app/storage/object-store";
import type pg from "pg";
import type { Logger } from "pino";
import { VerificationFailed } from "../engine/outcome.ts";
import { result } from "../engine/rules.ts";
import { fileFigures } from "../files/file-rows.ts";
import { openStore } from "../files/store-address.ts";
import { transferFiles } from "../files/transfer.ts";
import { verifyFiles } from "../files/verify.ts";
import type { Settings } from "../settings.ts";
import { recordResult } from "../target/outcome.ts";
import { recordRollbackPoint, takeRollbackPoint } from "../target/rollback-point.ts";

/**
 * Moves the files that a system's landed rows name, where the settings say where they lie, and reads them back. What is
 * missing or damaged is noted with its reason and ends nothing; throws VerificationFailed when the store does not hold
 * what went into it.
 */
export async function moveFiles(
  settings: Settings,
  of: { system: string; runId: string; control: pg.Client; log: Logger; signal: AbortSignal },
): Promise<void> {
  const { system, control: client, log, signal } = of;
  const media = settings.media.get(system);
  if (media === undefined || settings.store === undefined) return;
  const { observer } = settings;
  observer.phase(system, "files");
  const store = await openStore(settings.store);
  try {
    await protect(settings, of, store);
    const report = await transferFiles({
      client,
      system,
      media,
      store,
      signal,
      onProgress: (progress) => {
        observer.files({ system, ...progress });
      },
    });
    const { rows, landed, missing, damaged, unreferenced } = report;
    log.info({ rows, landed, missing, damaged, unreferenced: unreferenced.files }, `files of ${system}`);
    const { checked, differences } = await verifyFiles({ client, system, store, readBack: true, signal });
    const verdict = result("files", "media.files", {
      expected: `${checked.toString()} objects as their rows say`,
      found: `${(checked - differences.length).toString()} objects as their rows say`,
      detail: { differences: differences.slice(0, 100), more: differences.length > 100 },
    });
    await recordResult(client, { system, runId: of.runId }, verdict);
    if (differences.length > 0) {
      throw new VerificationFailed(
        `${differences.length.toString()} files of ${system} are not in the store as their rows say; the first is ${differences[0]?.key ?? "?"}.`,
      );
    }
  } finally {
    store.close();
  }
}

/** Takes a rollback point with the store's objects, unless every file has been looked at before. */
async function protect(
  { rollbackDirectory: directory, target }: Settings,
  of: { system: string; runId: string; control: pg.Client; log: Logger },
  store: ObjectStore,
): Promise<void> {
  const { system, runId, control } = of;
  if (directory === "" || (await fileFigures(control, system)).waiting === 0) return;
  const point = await takeRollbackPoint(target, { system, directory, phase: "files", store });
  await recordRollbackPoint(control, point, { system, runId, phase: "files" });
  of.log.info({ location: point.location, bytes: point.bytes }, "rollback point taken before the files");
}
