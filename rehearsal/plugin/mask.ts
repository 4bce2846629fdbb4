import { isMark, isRecord } from "./values.ts";

/** Which parts of a value were given: the names in an object, and true for anything else. */
export type Mask = true | readonly Mask[] | { readonly [name: string]: Mask };

/** Notes which parts of a value there are, without the value itself. */
export function maskOf(value: unknown): Mask {
  if (Array.isArray(value)) return value.map(maskOf);
  if (!isRecord(value)) return true;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, maskOf(inner)]));
}

/** Leaves of a value what a mask names: what was given, without what the vendor has filled in. */
export function masked(value: unknown, mask: unknown): unknown {
  if (Array.isArray(value)) {
    const masks: readonly unknown[] = Array.isArray(mask) ? mask : [];
    return value.map((item, at) => masked(item, masks[at] ?? true));
  }
  if (!isRecord(value) || !isRecord(mask) || isMark(value)) return value;
  const names = Object.keys(mask).filter((name) => name in value);
  return Object.fromEntries(names.map((name) => [name, masked(value[name], mask[name])]));
}
