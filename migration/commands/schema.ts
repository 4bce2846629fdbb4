import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expectedSchemaVersion, migrateSchema, schemaVersion } from "@landfall/app/schema/migrate";
import type pg from "pg";
import type { Logger } from "pino";

/**
 * Brings the target's schema up to this release. The schema migrations lie beside the bundle; in a working tree the app's
 * own folder is used.
 */
export async function migrateHere(control: pg.Client, log: Logger): Promise<void> {
  const beside = fileURLToPath(new URL("schema/migrations", import.meta.url));
  const directory = existsSync(beside) ? beside : undefined;
  if ((await schemaVersion(control)) === expectedSchemaVersion(directory)) return;
  await migrateSchema(control, {
    direction: "up",
    ...(directory === undefined ? {} : { directory }),
    log: (line) => {
      log.info(line);
    },
  });
}
