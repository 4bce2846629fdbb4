import { filesFolder, type Vantage } from "./vantage.ts";
import type { Target } from "./target.ts";

/** A request. */
export interface HttpRequest {
  readonly scheme: "http" | "https";
  /** The name that is asked for, in TLS and in the Host header. */
  readonly host: string;
  /** Where that name is looked for. */
  readonly target: Target;
  readonly path: string;
  /** Sent as a form, by POST. */
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Takes any certificate: for names that nobody has a certificate for. */
  readonly anyCertificate?: boolean;
}

/** An answer. */
export interface HttpAnswer {
  readonly kind: "answer";
  /** `1.1` or `2`. */
  readonly version: string;
  readonly status: number;
  /** Every header line: its name in lower case and its value. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

/** The other side ended the connection on purpose: in the handshake, or without an answer. */
export interface HttpRefusal {
  readonly kind: "refusal";
  readonly reason: string;
}

// curl(1), EXIT CODES: TLS handshake failed; empty reply; failure when receiving (an alert or a reset).
const refusals: ReadonlySet<number> = new Set([35, 52, 56]);

/**
 * Asks over HTTP or HTTPS, trusting the rehearsal's roots alone. Follows no redirect.
 *
 * @throws when no answer comes: no connection, no trust, no time
 */
export async function ask(vantage: Vantage, request: HttpRequest): Promise<HttpAnswer> {
  const outcome = await askOrBeRefused(vantage, request);
  if (outcome.kind === "refusal") throw new Error(outcome.reason);
  return outcome;
}

/** The same, where being refused is an outcome. */
export async function askOrBeRefused(vantage: Vantage, request: HttpRequest): Promise<HttpAnswer | HttpRefusal> {
  const { exitCode, stdout, stderr } = await vantage.run(curlCommand(request));
  if (exitCode === 0) return parseHttpAnswer(stdout);
  const [said = ""] = stderr.trim().split("\n");
  const reason = said || `curl ended with ${String(exitCode)}`;
  if (refusals.has(exitCode)) return { kind: "refusal", reason };
  throw new Error(reason);
}

function curlCommand({ scheme, host, target, path, form, headers = {}, anyCertificate }: HttpRequest): string[] {
  const port = scheme === "https" ? 443 : 80;
  return [
    ...["curl", "--silent", "--show-error", "--include", "--noproxy", "*", "--max-time", "15"],
    ...[
      "--connect-timeout",
      "5",
      "--cacert",
      `${filesFolder}/roots.pem`,
      "--resolve",
      `${host}:${String(port)}:${target}`,
    ],
    ...(anyCertificate === true ? ["--insecure"] : []),
    ...Object.entries(headers).flatMap(([name, value]) => ["--header", `${name}: ${value}`]),
    ...(form === undefined ? [] : ["--data-raw", new URLSearchParams(form).toString()]),
    ...["--globoff", "--path-as-is", `${scheme}://${host}${path}`],
  ];
}

/**
 * Reads what `curl --include` prints.
 *
 * @throws when it does not begin with an answer
 */
export function parseHttpAnswer(text: string): HttpAnswer {
  const end = /\r?\n\r?\n/.exec(text);
  const [first = "", ...lines] = text.slice(0, end?.index ?? text.length).split(/\r?\n/);
  const status = /^HTTP\/(?<version>[\d.]+) (?<status>\d{3})/.exec(first)?.groups;
  if (status === undefined) throw new Error(`no HTTP answer, but "${first.slice(0, 80)}"`);
  return {
    kind: "answer",
    version: status["version"] ?? "",
    status: Number(status["status"]),
    headers: lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
    body: end === null ? "" : text.slice(end.index + end[0].length),
  };
}

/** Every value that a header has. */
export function valuesOf(answer: HttpAnswer, name: string): string[] {
  return answer.headers.filter(([known]) => known === name.toLowerCase()).map(([, value]) => value);
}
