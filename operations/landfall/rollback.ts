import { resolve } from "node:path";
import { formatBytes, formatNumber } from "@landfall/app/pages/format";
import { exitCodes } from "@landfall/migration/engine/outcome";
import { openStore } from "@landfall/migration/files/store-address";
import { exportEntities } from "@landfall/migration/rollback/export";
import { listRollbackPoints, type Manifest } from "@landfall/migration/rollback/manifest";
import { restoreRollbackPoint, type RestoreReport } from "@landfall/migration/rollback/restore";
import { connectTarget } from "./connect.ts";
import { targetOf, type Context } from "./context.ts";
import { rollbackFolder } from "./settings.ts";
import { textTable, type TextColumn } from "./text-table.ts";
import { visible } from "./visible.ts";

/** Lists rollback points, goes back to one, or writes what has landed for inspection. Gives the exit code. */
export async function rollbackCommand(context: Context): Promise<number> {
  const { request, print } = context;
  const [action, argument = ""] = request.words;
  const directory = request.rollbackDirectory ?? rollbackFolder;
  if (action === "list") {
    const points = await listRollbackPoints(directory);
    await print(
      request.json ? `${JSON.stringify({ directory, points: points.map(shortly) })}\n` : listText(directory, points),
    );
  } else if (action === "restore") {
    const report = await restore(context, directory, argument);
    await print(request.json ? `${JSON.stringify({ ok: true, ...report })}\n` : restoreText(report));
  } else {
    const place = resolve(process.cwd(), argument);
    const connection = await connectTarget(request);
    try {
      const entities = await exportEntities(connection.client, place);
      const rows = entities.reduce((sum, entity) => sum + entity.rows, 0);
      const text = `${formatNumber(entities.length)} tables with ${formatNumber(rows)} rows are in ${place}, a file each.\n`;
      await print(request.json ? `${JSON.stringify({ ok: true, directory: place, entities })}\n` : text);
    } finally {
      await connection.close();
    }
  }
  return exitCodes.verified;
}

async function restore({ request }: Context, directory: string, name: string): Promise<RestoreReport> {
  const store = request.store === undefined ? undefined : await openStore(request.store);
  try {
    const { config: target } = targetOf(request);
    return await restoreRollbackPoint({ target, directory, name, ...(store === undefined ? {} : { store }) });
  } finally {
    store?.close();
  }
}

const rowsOf = ({ tables }: Manifest): number => tables.reduce((sum, { rows }) => sum + Number(rows), 0);

const shortly = (point: Manifest) => ({
  name: point.name,
  system: point.system,
  phase: point.phase,
  takenAt: point.takenAt,
  empty: point.empty,
  rows: rowsOf(point),
  dump: point.dump,
  objects: point.objects,
});

const columns: readonly TextColumn<Manifest>[] = [
  { heading: "NAME", cell: ({ name }) => name },
  { heading: "TAKEN", cell: ({ takenAt }) => takenAt },
  { heading: "BEFORE THE", cell: ({ system, phase }) => `${phase} of ${system}` },
  { heading: "ROWS", cell: (point) => (point.empty ? "empty" : formatNumber(rowsOf(point))), isNumber: true },
  { heading: "DUMP", cell: ({ dump }) => (dump === null ? "" : formatBytes(dump.bytes)), isNumber: true },
  { heading: "FILES", cell: ({ objects }) => (objects === null ? "" : formatNumber(objects.count)), isNumber: true },
];

const listText = (directory: string, points: readonly Manifest[]): string =>
  points.length === 0
    ? `There are no rollback points in ${directory}.\n`
    : `${textTable(columns, points).join("\n")}\n\nThey are in ${directory}.\n`;

function restoreText({ name, tables, rows, sequences, objects }: RestoreReport): string {
  const proved = `${formatNumber(tables)} tables with ${formatNumber(rows)} rows and ${formatNumber(sequences)} sequences`;
  const list = (title: string, keys: readonly string[]): string[] =>
    keys.length === 0 ? [] : [`${title}:`, ...keys.map((key) => `  ${visible(key)}`)];
  return [
    `The target is at ${name} again: ${proved} were compared and are as they were.`,
    ...(objects === null ? [] : list("Files that came later, left where they are", objects.later)),
    ...(objects === null ? [] : list("Files that are gone since", objects.missing)),
    ...(objects === null ? [] : list("Files that have changed since", objects.changed)),
    "",
  ].join("\n");
}
