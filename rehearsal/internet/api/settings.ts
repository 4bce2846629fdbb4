import { checkSetting, initialValue, settingIds } from "../zone-settings.ts";
import type { Store } from "../store.ts";
import type { Zone } from "../zone.ts";
import { granted, refused, type Answer } from "./envelope.ts";

/** A setting as Cloudflare's API shows it; undefined for an unknown one. */
export function showSetting(zone: Zone, id: string): Record<string, unknown> | undefined {
  const initial = initialValue(id);
  if (initial === undefined) return undefined;
  const { value, modified_on } = zone.settings[id] ?? { value: initial.value, modified_on: null };
  return {
    id,
    value,
    modified_on,
    editable: initial.editable,
    ...(id === "development_mode" ? { time_remaining: 0 } : {}),
  };
}

/** All settings of a zone. */
export function listSettings(zone: Zone): Answer {
  return granted(settingIds.map((id) => showSetting(zone, id)));
}

/** One setting of a zone. */
export function readSetting(zone: Zone, id: string): Answer {
  const setting = showSetting(zone, id);
  return setting === undefined ? refused(400, ...checkSetting(id, undefined).map(toError)) : granted(setting);
}

/** Sets one setting of a zone. */
export function changeSetting(store: Store, zone: Zone, change: { id: string; value: unknown }): Answer {
  const faults = checkSetting(change.id, change.value);
  if (faults.length > 0) return refused(400, ...faults.map(toError));
  const setting = { value: change.value, modified_on: new Date().toISOString() };
  const changed = { ...zone, settings: { ...zone.settings, [change.id]: setting } };
  store.put(changed);
  return granted(showSetting(changed, change.id));
}

function toError({ code, message }: { code: number; message: string }): { code: number; message: string } {
  return { code, message };
}
