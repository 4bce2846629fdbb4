import { mkdir, writeFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { landingDocument } from "@landfall/app/console/landing-document";
import type { KeptReport, LandingReport } from "@landfall/app/console/landing-report";
import type { Request } from "./arguments.ts";

/** Writes a report where the request wishes it: as JSON, as a page, as both or not at all. */
export async function writeReportFiles(
  { report: path, page }: Pick<Request, "report" | "page">,
  report: LandingReport,
  kept: KeptReport,
): Promise<void> {
  if (path !== undefined) await write(path, kept.text);
  if (page !== undefined) await write(page, landingDocument(report, kept));
}

/** A reader finds the old file or the new one, and never half of it. */
async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid.toString()}.unfinished`;
  await writeFile(unfinished, text);
  await rename(unfinished, path);
}
