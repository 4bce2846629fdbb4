import { type z } from "zod";
import { placeholderFaults } from "./placeholders.ts";
import { settingsSchema, type Settings } from "./settings.ts";
import { missingToken, vendorsOf, type Vendor } from "./tokens.ts";

/** One thing that is wrong with the settings. */
export interface Fault {
  /** The key as it stands in the settings file, for example `landfall:proxy.httpsPort`. */
  readonly key: string;
  readonly given: string;
  readonly allowed: string;
}

/** Thrown when settings are wrong; holds every fault, not only the first. */
export class SettingsError extends Error {
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    const lines = faults.map(({ key, given, allowed }) => `  ${key}\n    given:   ${given}\n    allowed: ${allowed}`);
    const count = faults.length === 1 ? "1 setting is" : `${String(faults.length)} settings are`;
    super(`${count} wrong; nothing was changed. docs/settings.md describes them all.\n${lines.join("\n")}`);
    this.name = "SettingsError";
    this.faults = faults;
  }
}

/**
 * Checks the stack's configuration.
 *
 * @param config every `landfall:` key of the stack without that prefix, each value as Pulumi gives it: JSON or plain text
 * @param tokens the vendors that a token is set for; one that is called for and missing is a fault like any other
 * @param isRehearsed whether hosts of examples will do, as they do on a cloud of this machine's own
 * @throws SettingsError with all faults at once
 */
export function parseSettings(
  config: Readonly<Record<string, string>>,
  tokens: Readonly<Record<Vendor, boolean>>,
  isRehearsed = true,
): Settings {
  const raw = Object.fromEntries(Object.entries(config).map(([key, value]) => [key, fromJson(value)]));
  const result = settingsSchema.safeParse(raw, { reportInput: true });
  const wrong = [
    ...(result.error?.issues.flatMap((issue) => faults(issue, raw)) ?? []),
    ...(isRehearsed ? [] : placeholderFaults(raw)),
    ...vendorsOf(raw).flatMap((vendor) => (tokens[vendor] ? [] : [missingToken(vendor)])),
  ];
  if (result.success && wrong.length === 0) return result.data;
  throw new SettingsError(wrong);
}

function faults(issue: z.core.$ZodIssue, raw: unknown): Fault[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      key: keyOf([...issue.path, key]),
      given: show(valueAt(raw, [...issue.path, key]), issue.path),
      allowed: "nothing: there is no such setting",
    }));
  }
  const given = show(valueAt(raw, issue.path), issue.path);
  return [{ key: keyOf(issue.path), given, allowed: allowed(issue) }];
}

const typeNames: Readonly<Record<string, string>> = {
  array: "a list",
  object: "a group of settings",
  record: "a group of settings",
  string: "a text",
};

/** Our schemas say in their message what is allowed; what is left are wrong types, which zod names. */
function allowed(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type" && issue.message.startsWith("Invalid input")) {
    return typeNames[issue.expected] ?? issue.expected;
  }
  return issue.message;
}

function keyOf(path: readonly PropertyKey[]): string {
  const [section = "", ...rest] = path.map(String);
  return `landfall:${[section, ...rest].join(".").replace(/\.(\d+)(?=\.|$)/g, "[$1]")}`;
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  let value = raw;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

/** Characters of a given value that help to know it again; a certificate has thousands. */
const longest = 200;

function show(value: unknown, path: readonly PropertyKey[]): string {
  if (value === undefined) return "nothing";
  if (path[0] === "secrets") return "[secret]";
  const text = JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest)} …` : text;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
