/** What came back from one probe. */
export type Answer =
  | { readonly kind: "answered"; readonly status: number; readonly body: string }
  | { readonly kind: "silent"; readonly reason: string };

/** What an answer must say before it counts. */
export interface Expectation {
  /** The release that must have answered; empty when any may. */
  readonly release: string;
  /** Names under `checks` in the body that must be true. */
  readonly checks: readonly string[];
}

/** The verdict over one answer; `reason` says what was missing. */
export type Verdict = { readonly passed: true } | { readonly passed: false; readonly reason: string };

/**
 * Judges one answer of `/health/ready`: status 200, every expected dependency true, and the expected release.
 * A body that is not the agreed JSON does not pass.
 */
export function judge(answer: Answer, { release, checks }: Expectation): Verdict {
  if (answer.kind === "silent") return failed(answer.reason);
  const body = readBody(answer.body);
  const falseChecks = checks.filter((name) => body?.checks[name] !== true);
  if (answer.status !== 200) {
    const which = falseChecks.length > 0 && body !== undefined ? `, not true: ${falseChecks.join(", ")}` : "";
    return failed(`status ${String(answer.status)}${which}`);
  }
  if (checks.length === 0 && release === "") return { passed: true };
  if (body === undefined)
    return failed(`status 200, but the body is not the agreed JSON: ${answer.body.slice(0, 200)}`);
  if (falseChecks.length > 0) return failed(`status 200, but not true: ${falseChecks.join(", ")}`);
  if (release !== "" && body.release !== release) {
    return failed(`release '${body.release ?? "(none)"}' answered, '${release}' was expected`);
  }
  return { passed: true };
}

/** An answer in one line, for an error. */
export function describeAnswer(answer: Answer | undefined): string {
  if (answer === undefined) return "none";
  if (answer.kind === "silent") return answer.reason;
  return `status ${String(answer.status)}, body ${answer.body.slice(0, 500)}`;
}

function failed(reason: string): Verdict {
  return { passed: false, reason };
}

function readBody(text: string): { release?: string; checks: Readonly<Record<string, unknown>> } | undefined {
  try {
    const body: unknown = JSON.parse(text);
    if (!isRecord(body)) return undefined;
    const checks = isRecord(body["checks"]) ? body["checks"] : {};
    return typeof body["release"] === "string" ? { release: body["release"], checks } : { checks };
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
