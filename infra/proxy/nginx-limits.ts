import { signInPath, type Site } from "./site.ts";

/** Statuses that nobody uses, by which Nginx hands a request to another location. */
export const codes = { maintenance: 490, limited: 491, once: 492 } as const;

/** What is counted by address, and what counts as a write. */
export function renderLimits({ rateLimit, signInRateLimit }: Site): string {
  const rate = (perMinute: number): string => `rate=${String(perMinute)}r/m`;
  return `  limit_req_zone $client_address zone=address:10m ${rate(rateLimit.perMinute)};
  map "$request_method $uri" $signing_in { "POST ${signInPath}" $client_address; default ""; }
  limit_req_zone $signing_in zone=sign_in:10m ${rate(signInRateLimit.perMinute)};
  limit_req_status ${String(codes.limited)};
  map $signing_in $limited_seconds { "" 1; default ${String(Math.ceil(60 / signInRateLimit.perMinute))}; }
  map $request_method $writes { GET 0; HEAD 0; OPTIONS 0; default 1; }
  map $request_method $once { GET 0; HEAD 0; OPTIONS 0; POST 0; PATCH 0; default 1; }
`;
}
