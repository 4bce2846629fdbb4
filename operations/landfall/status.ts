import { setTimeout as delay } from "node:timers/promises";
import { exitCodes } from "@landfall/migration/engine/outcome";
import { readStatus, type MigrationStatus } from "@landfall/migration/progress/read-status";
import { createLogUpdate } from "log-update";
import { connectTarget } from "./connect.ts";
import type { Context } from "./context.ts";
import { statusText } from "./status-text.ts";

/** Milliseconds between two looks. */
const pause = 2000;

/** Tells how far a system is, once or (with --watch) until its move is over. Gives the exit code. */
export async function statusCommand({ request, print, signal }: Context): Promise<number> {
  const connection = await connectTarget(request);
  const inPlace = request.watch && !request.json && process.stdout.isTTY;
  const picture = createLogUpdate(process.stdout);
  const show = async (text: string): Promise<void> => {
    if (inPlace) picture(text);
    else await print(text);
  };
  try {
    for (;;) {
      const status = await readStatus(connection.client, request.system);
      await show(
        request.json ? `${JSON.stringify(status ?? nothing(request.system))}\n` : textOf(request.system, status),
      );
      if (!request.watch || isOver(status) || signal.aborted) return exitCodes.verified;
      await delay(pause, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    if (inPlace) picture.done();
    await connection.close();
  }
}

const nothing = (system: string) => ({ system, state: "planned", tables: [] });

const textOf = (system: string, status: MigrationStatus | undefined): string =>
  status === undefined ? `${system}: nothing of it has been moved into this target.\n` : statusText(status);

const isOver = (status: MigrationStatus | undefined): boolean =>
  status === undefined || status.state === "verified" || status.state === "failed" || status.runner === null;
