import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { zoneId } from "./account.ts";
import type { Zone } from "./zone.ts";

/** The zones as they are now, kept in a file so that they outlive the program. */
export interface Store {
  readonly all: () => readonly Zone[];
  readonly find: (id: string) => Zone | undefined;
  /** Replaces a zone; on disk when it returns. */
  readonly put: (zone: Zone) => void;
}

/**
 * Opens the zones' file. A zone that it lacks is added, empty; one that is no longer asked for is left in the file and
 * not shown.
 *
 * @param names names of the zones in the account
 * @throws when the file is damaged
 */
export function openStore(path: string, names: readonly string[]): Store {
  const zones = new Map<string, Zone>();
  if (existsSync(path)) {
    for (const zone of JSON.parse(readFileSync(path, "utf8")) as Zone[]) {
      zones.set(zone.name, { ...emptyZone(zone.name), ...zone });
    }
  }
  for (const name of names) if (!zones.has(name)) zones.set(name, emptyZone(name));
  const shown = (): Zone[] => [...zones.values()].filter(({ name }) => names.includes(name));
  return {
    all: shown,
    find: (id) => shown().find((zone) => zone.id === id),
    put: (zone) => {
      zones.set(zone.name, zone);
      const unfinished = `${path}.new`;
      writeFileSync(unfinished, `${JSON.stringify([...zones.values()], undefined, 2)}\n`, { mode: 0o600 });
      renameSync(unfinished, path);
    },
  };
}

/** A zone without records whose settings are Cloudflare's defaults. */
export function emptyZone(name: string): Zone {
  const created_on = new Date().toISOString();
  return { id: zoneId(name), name, revision: 1, created_on, records: [], settings: {}, rulesets: [] };
}
