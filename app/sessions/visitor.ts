import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import "@fastify/cookie";
import { z } from "zod";
import { findUser, type User } from "../accounts/users.ts";
import type { Database } from "../database/database.ts";
import { wantsJson } from "../http/errors.ts";
import { notFound, Problem } from "../http/problem.ts";
import type { Viewer } from "../pages/layout.ts";
import { clearSession, sessionId, tokenCookie } from "./cookies.ts";
import type { SessionStore } from "./session-store.ts";
import { formToken, isFormToken, passwordStamp } from "./stamps.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Who is signed in; set by the guards below. */
    visitor: User | undefined;
  }
}

export interface VisitorParts {
  readonly database: Database;
  readonly sessions: SessionStore;
  readonly secretKey: string;
}

/** What stands before a route: lets a request through, answers it, or throws a Problem. */
export type Guard = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

export interface Guards {
  /** Finds out who is signed in, if anybody. */
  readonly anybody: Guard;
  /** Sends everybody who is not signed in to the sign-in page; programs get 401. */
  readonly signedIn: Guard;
  /** The same, and hides the route from everybody but operators; programs get 403. */
  readonly operator: Guard;
}

/** The guards of the routes, on sessions and accounts. */
export function visitorGuards(parts: VisitorParts): Guards {
  const anybody = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const id = sessionId(request);
    if (id === undefined) return;
    request.visitor = await visitorOf(parts, id);
    if (request.visitor === undefined) clearSession(reply);
  };
  const signedIn = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    await anybody(request, reply);
    if (request.visitor !== undefined) return undefined;
    if (wantsJson(request)) throw new Problem(401, "Sign in first.");
    return reply.redirect(`/sign-in?next=${encodeURIComponent(request.url)}`, 303);
  };
  return {
    anybody,
    signedIn,
    async operator(request, reply) {
      await signedIn(request, reply);
      if (reply.sent || request.visitor?.isOperator === true) return reply.sent ? reply : undefined;
      throw wantsJson(request) ? new Problem(403, "This is open to operators alone.") : notFound();
    },
  };
}

async function visitorOf({ database, sessions, secretKey }: VisitorParts, id: string): Promise<User | undefined> {
  const session = await sessions.find(id);
  if (session === undefined) return undefined;
  const found = await findUser(database, session.userId);
  if (found?.user.isActive === true && passwordStamp(secretKey, found.password) === session.passwordStamp)
    return found.user;
  await sessions.end(id);
  return undefined;
}

/** The signed-in user of a route behind a guard that asks for one. */
export function visitor(request: FastifyRequest): User {
  if (request.visitor === undefined) throw new Problem(401, "Sign in first.");
  return request.visitor;
}

/** How the frame of a page shows the signed-in user. */
export function viewer(request: FastifyRequest, secretKey: string): Viewer {
  const { fullName, username, isOperator } = visitor(request);
  const name = fullName === "" ? username : fullName;
  return { name, isOperator, formToken: formToken(secretKey, tokenCookie(request) ?? "") };
}

const formBody = z.object({ token: z.string() });

/** Refuses every write whose form did not come from a page of ours in the same browser. */
export function checkForms(server: FastifyInstance, secretKey: string): void {
  server.addHook("preHandler", (request, _reply, done) => {
    if (request.method === "GET" || request.method === "HEAD" || request.method === "OPTIONS") {
      done();
      return;
    }
    const cookie = tokenCookie(request);
    const header = request.headers["x-form-token"];
    const token = typeof header === "string" ? header : (formBody.safeParse(request.body).data?.token ?? "");
    if (cookie !== undefined && isFormToken(secretKey, { token, cookie })) done();
    else
      done(new Problem(403, "This form is too old or came from elsewhere. Load the page again and send it once more."));
  });
}
