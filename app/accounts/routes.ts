import type { FastifyInstance } from "fastify";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { Problem } from "../http/problem.ts";
import { sendPage } from "../http/send-page.ts";
import { pictureState } from "../pictures/picture.ts";
import type { ServerParts } from "../server-parts.ts";
import { attemptLimit } from "../sessions/attempt-limit.ts";
import { clearSession, ensureTokenCookie, sessionId, setSession } from "../sessions/cookies.ts";
import { formToken, passwordStamp } from "../sessions/stamps.ts";
import { viewer, visitor } from "../sessions/visitor.ts";
import { accountPage } from "./account-page.ts";
import { signInPage } from "./sign-in-page.ts";
import { signIn } from "./sign-in.ts";
import { findAccountDetail } from "./users.ts";

const withoutNul = z.string().regex(/^[^\0]*$/);
const signInBody = z.object({
  identifier: withoutNul.min(1).max(254),
  password: z.string().min(1).max(4096),
  system: withoutNul.max(100).optional(),
  next: z.string().max(2000).default(""),
});
const signInQuery = z.object({ next: z.string().max(2000).default("") });

// Every refusal takes this long at least, so that its time does not tell which scheme an account has, or that it has none.
const refusalMilliseconds = 500;

/** The start page, signing in and out, and the account page. */
export function accountRoutes(server: FastifyInstance, parts: ServerParts): void {
  const { secretKey } = parts.configuration;
  const limit = attemptLimit(parts.redis, secretKey);

  server.get("/", { preHandler: parts.guards.anybody }, async (request, reply) => {
    return reply.redirect(startPage(request.visitor), 303);
  });

  server.get("/sign-in", { preHandler: parts.guards.anybody }, async (request, reply) => {
    if (request.visitor !== undefined) return reply.redirect("/", 303);
    const next = localPath(signInQuery.safeParse(request.query).data?.next ?? "");
    const token = formToken(secretKey, ensureTokenCookie(request, reply));
    return sendPage(reply, signInPage({ formToken: token, identifier: "", next }));
  });

  server.post("/sign-in", async (request, reply) => {
    const started = performance.now();
    const body = signInBody.safeParse(request.body).data;
    if (body === undefined) throw new Problem(400, "A name and a password are needed.");
    const { identifier, password, system } = body;
    const attempt = { address: request.ip, account: identifier };
    const wait = await limit.begin(attempt);
    if (wait !== undefined) {
      void reply.header("retry-after", wait.toString());
      throw new Problem(
        429,
        `There were too many failed attempts. Please wait ${Math.ceil(wait / 60).toString()} minutes.`,
      );
    }
    const outcome = await signIn(parts.database, { identifier, password, ...(system === undefined ? {} : { system }) });
    if (outcome.kind !== "signed in") {
      request.log.info({ outcome: outcome.kind }, "sign-in refused");
      await delay(Math.max((parts.refusalMilliseconds ?? refusalMilliseconds) - (performance.now() - started), 0));
      const token = formToken(secretKey, ensureTokenCookie(request, reply));
      return sendPage(
        reply.code(401),
        signInPage({ formToken: token, identifier, next: localPath(body.next), outcome }),
      );
    }
    await limit.succeed(attempt);
    const before = sessionId(request);
    if (before !== undefined) await parts.sessions.end(before);
    const stamp = passwordStamp(secretKey, outcome.password);
    setSession(
      reply,
      await parts.sessions.start({ userId: outcome.userId, passwordStamp: stamp, startedAt: Date.now() }),
    );
    request.log.info({ user: outcome.userId }, "signed in");
    const next = localPath(body.next);
    return reply.redirect(next === "" ? "/" : next, 303);
  });

  server.post("/sign-out", async (request, reply) => {
    const id = sessionId(request);
    if (id !== undefined) await parts.sessions.end(id);
    clearSession(reply);
    return reply.redirect("/sign-in", 303);
  });

  server.get("/account", { preHandler: parts.guards.signedIn }, async (request, reply) => {
    const user = visitor(request);
    const [detail, picture] = await Promise.all([
      findAccountDetail(parts.database, user.id),
      parts.storage === undefined ? undefined : pictureState(parts.storage, user.id),
    ]);
    return sendPage(reply, accountPage(viewer(request, secretKey), { user, detail, picture }));
  });
}

function startPage(user: { readonly isOperator: boolean } | undefined): string {
  if (user === undefined) return "/sign-in";
  return user.isOperator ? "/console" : "/courses";
}

/** A path of this service to go to, or empty text for anything that leads or might lead elsewhere. */
export function localPath(path: string): string {
  if (!/^\/(?![/\\])[\x21-\x7e]*$/.test(path) || path.includes("\\")) return "";
  return new URL(path, "http://here").host === "here" ? path : "";
}
