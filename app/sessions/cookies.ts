import type { FastifyReply, FastifyRequest } from "fastify";
import { randomBytes } from "node:crypto";

// The prefix makes browsers refuse the cookie unless it is Secure, for this host alone and for the path "/".
const sessionCookie = "__Host-session";
const formCookie = "__Host-form";
const options = { path: "/", secure: true, httpOnly: true, sameSite: "lax" } as const;

/** The session's id that the browser sent, if any. */
export function sessionId(request: FastifyRequest): string | undefined {
  return request.cookies[sessionCookie];
}

export function setSession(reply: FastifyReply, id: string): void {
  void reply.setCookie(sessionCookie, id, options).clearCookie(formCookie, options);
}

export function clearSession(reply: FastifyReply): void {
  void reply.clearCookie(sessionCookie, options);
}

/** The cookie that form tokens are bound to: the session's id, else the form cookie's value. */
export function tokenCookie(request: FastifyRequest): string | undefined {
  return request.cookies[sessionCookie] ?? request.cookies[formCookie];
}

/** The same, giving the browser a form cookie when it has neither. */
export function ensureTokenCookie(request: FastifyRequest, reply: FastifyReply): string {
  const known = tokenCookie(request);
  if (known !== undefined) return known;
  const value = randomBytes(32).toString("base64url");
  void reply.setCookie(formCookie, value, options);
  return value;
}
