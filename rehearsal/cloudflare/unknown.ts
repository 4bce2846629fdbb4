import { isRecord, UNKNOWN } from "../plugin/values.ts";

/** Values without those that are not known yet, and the paths of those: `content`, `data.value`. */
export function setUnknownAside(
  values: Readonly<Record<string, unknown>>,
  path = "",
): { known: Record<string, unknown>; unknown: string[] } {
  const known: Record<string, unknown> = {};
  const unknown: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    const at = path === "" ? name : `${path}.${name}`;
    if (value === UNKNOWN || (Array.isArray(value) && value.includes(UNKNOWN))) unknown.push(at);
    else if (isRecord(value)) {
      const inner = setUnknownAside(value, at);
      known[name] = inner.known;
      unknown.push(...inner.unknown);
    } else known[name] = value;
  }
  return { known, unknown };
}
