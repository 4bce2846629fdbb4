import { z } from "zod";

const stage = z.object({ start: z.number().nullish(), finished: z.number().nullish() }).nullish();

/** What `cloud-init status --format json` prints; cloud-init 24.1 and later. */
const statusSchema = z.object({
  status: z.string(),
  extended_status: z.string().default(""),
  stage: z.string().nullish(),
  detail: z.string().default(""),
  errors: z.array(z.string()).default([]),
  recoverable_errors: z.record(z.string(), z.array(z.string())).default({}),
  "init-local": stage,
  "modules-final": stage,
});

/** What cloud-init itself says of a server. */
export type CloudInitVerdict =
  /** `stage`: what it is at, in words. */
  | { readonly kind: "running"; readonly stage: string }
  /** `seconds`: from its first stage to its last. */
  | { readonly kind: "done"; readonly seconds: number }
  /** `modules`: those that failed, as cloud-init names them; `errors`: what it says of them. */
  | { readonly kind: "failed"; readonly modules: readonly string[]; readonly errors: readonly string[] };

/**
 * Reads cloud-init's verdict. A server on which anything went wrong that was asked for is a failed one, even if
 * cloud-init could go on ("degraded"); a key that it merely calls deprecated was obeyed and is none.
 *
 * @param text what `cloud-init status --format json` printed
 * @returns undefined when the text is no status: cloud-init may not have begun
 */
export function cloudInitVerdict(text: string): CloudInitVerdict | undefined {
  const status = statusSchema.safeParse(parse(text)).data;
  if (status === undefined) return undefined;
  const recovered = Object.entries(status.recoverable_errors)
    .filter(([level]) => level !== "DEPRECATED")
    .flatMap(([, messages]) => messages);
  if (status.errors.length > 0 || recovered.length > 0 || status.status === "error") {
    const errors = status.errors.length > 0 ? status.errors : recovered.length > 0 ? recovered : [status.detail];
    return { kind: "failed", modules: modulesOf([...status.errors, ...recovered]), errors: [...new Set(errors)] };
  }
  if (status.status === "disabled") return { kind: "failed", modules: [], errors: [`disabled: ${status.detail}`] };
  if (status.status !== "done") return { kind: "running", stage: stageNames[status.stage ?? ""] ?? "its start" };
  const seconds = (status["modules-final"]?.finished ?? 0) - (status["init-local"]?.start ?? 0);
  return { kind: "done", seconds: Math.round(seconds) };
}

const stageNames: Readonly<Record<string, string>> = {
  "init-local": "its start",
  init: "users, keys and files",
  "modules-config": "settings",
  "modules-final": "packages and services",
};

/** Modules are named as in `('scripts-user', RuntimeError(…))` and `Running module scripts-user (<module …>) failed`. */
function modulesOf(errors: readonly string[]): string[] {
  const names = errors.flatMap((error) => {
    const name = /^\('([\w-]+)',/.exec(error)?.[1] ?? /\bmodule ([\w-]+)/.exec(error)?.[1];
    return name === undefined ? [] : [name];
  });
  return [...new Set(names)];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
