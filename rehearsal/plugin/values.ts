import { isRecord, secret, unwrap, UNKNOWN, type Properties as Wrapped } from "../../tools/random-provider/values.ts";

export { isRecord, unwrap, UNKNOWN };

/** Properties as the engine sends them, with the marks of secrets on. */
export type { Wrapped };

/** Whether a value, or any part of it, is marked as secret. */
export function hasSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasSecret);
  if (!isRecord(value)) return false;
  return isMark(value) || Object.values(value).some(hasSecret);
}

/** The value, marked as secret as a whole: the engine encrypts it in its state. */
export function markSecret(value: unknown): unknown {
  return value === undefined || value === null ? value : { ...secret(""), value };
}

/** Whether a value is one that is not known yet, or has one in it. */
export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isRecord(value) && Object.values(value).some(hasUnknown);
}

/** The properties that were given: without the engine's own (`__…`) and absent ones, and without marks of secrets. */
export function given(wrapped: Wrapped): Wrapped {
  return Object.fromEntries(
    Object.entries(wrapped)
      .map(([name, value]): [string, unknown] => [name, unwrap(value)])
      .filter(([name, value]) => !name.startsWith("__") && value !== null && value !== undefined),
  );
}

/** Whether an object is a value with the mark of a secret on. */
export function isMark(value: Wrapped): boolean {
  const [[key, signature] = []] = Object.entries(secret(""));
  return key !== undefined && value[key] === signature;
}
