import { signInPath, type RateLimit, type Site } from "./site.ts";

/** Requests of one address that are counted together: so many in so many seconds. */
interface Window {
  readonly requests: number;
  readonly seconds: number;
}

/**
 * The limits on one address. mod_qos counts them in memory that all processes share, in windows of time that start with a
 * request: mod_evasive counts in each process by itself, and mod_ratelimit counts bytes.
 */
export function renderLimits({ rateLimit, signInRateLimit }: Site): string {
  const all = windowOf(rateLimit);
  const signIn = windowOf(signInRateLimit);
  return `QS_ErrorResponseCode 429
QS_ClientEntries 20000
SetEnvIf Request_URI "^" counted=1
SetEnvIfExpr "%{REQUEST_METHOD} == 'POST' && %{REQUEST_URI} == '${signInPath}'" signing_in=1
QS_ClientEventLimitCount ${String(all.requests)} ${String(all.seconds)} counted
QS_ClientEventLimitCount ${String(signIn.requests)} ${String(signIn.seconds)} signing_in
`;
}

/** The shortest window of whole seconds with at least the burst in it, at the same rate. */
export function windowOf({ perMinute, burst }: RateLimit): Window {
  const seconds = Math.max(1, Math.ceil((burst * 60) / perMinute));
  return { requests: Math.floor((perMinute * seconds) / 60), seconds };
}
