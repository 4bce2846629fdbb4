import { signInPath, type RateLimit, type Site } from "./site.ts";

/** By which mod_qos and the service learn the client's address. */
const addressHeader = "X-Real-IP";

/** Requests of one address that are counted together: so many in so many seconds. */
interface Window {
  readonly requests: number;
  readonly seconds: number;
}

/**
 * The limits on one address. mod_qos counts them in memory that all processes share, in windows of time that start with a
 * request: mod_evasive counts in each process by itself, and mod_ratelimit counts bytes. Apache's own limit on a body is
 * not for what is passed on: https://httpd.apache.org/docs/2.4/mod/core.html#limitrequestbody
 */
export function renderLimits({ rateLimit, signInRateLimit, maxBodyBytes }: Site): string {
  const all = windowOf(rateLimit);
  const signIn = windowOf(signInRateLimit);
  return `QS_ErrorResponseCode 429
QS_ClientEntries 20000
QS_SetReqHeader ${addressHeader} CLIENT_ADDRESS
QS_ClientIpFromHeader ${addressHeader}
QS_LimitRequestBody ${String(maxBodyBytes)}
SetEnvIf Request_URI "^" counted=1
SetEnvIfExpr "%{REQUEST_METHOD} == 'POST' && %{REQUEST_URI} == '${signInPath}'" signing_in=1 QS_Cond=sign-in
QS_ClientEventLimitCount ${String(all.requests + 1)} ${String(all.seconds)} counted
QS_CondClientEventLimitCount ${String(signIn.requests + 1)} ${String(signIn.seconds)} signing_in ^sign-in$
`;
}

/** The shortest window of whole seconds with at least the burst in it, at the same rate. */
export function windowOf({ perMinute, burst }: RateLimit): Window {
  const seconds = Math.max(1, Math.ceil((burst * 60) / perMinute));
  return { requests: Math.floor((perMinute * seconds) / 60), seconds };
}
