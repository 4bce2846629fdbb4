/** What the engine sends for a value that is not known yet (in a preview). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The key, and its value for secrets and for outputs, by which the engine's protocol marks a wrapped value. */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

export type Properties = Record<string, unknown>;

export function isRecord(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Takes the marks of secrets and outputs off a value, at any depth; an output without a value is unknown. */
export function unwrap(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrap);
  if (!isRecord(value)) return value;
  const signature = value[SIGNATURE_KEY];
  if (signature === SECRET_SIGNATURE) return unwrap(value["value"]);
  if (signature === OUTPUT_SIGNATURE) return "value" in value ? unwrap(value["value"]) : UNKNOWN;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrap(inner)]));
}

/** Marks a value as secret, so that the engine encrypts it in its state whatever the program says. */
export function secret(value: string): Properties {
  return { [SIGNATURE_KEY]: SECRET_SIGNATURE, value };
}
