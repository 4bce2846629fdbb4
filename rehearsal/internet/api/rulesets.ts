import { randomBytes } from "node:crypto";
import { z } from "zod";
import { checkRuleset } from "../rules/check.ts";
import type { Rule, RuleRequest, Ruleset, RulesetRequest } from "../rules/ruleset.ts";
import type { Zone } from "../zone.ts";
import { granted, refused, type Answer, type ApiError } from "./envelope.ts";
import { noRoute, parse, type ApiRequest, type Place } from "./place.ts";

/** A zone has one ruleset of its own for each phase; the number and the words are Cloudflare's. */
const phaseTaken = 20_217;
/** For what Cloudflare does not document a number of. */
const invalid = 20_000;

const text = z.string();
const lifetime = z.looseObject({ mode: text, default: z.number().optional() });
const actionParameters = z.looseObject({
  cache: z.boolean().optional(),
  edge_ttl: lifetime.optional(),
  browser_ttl: lifetime.optional(),
  respect_strong_etags: z.boolean().optional(),
  origin_error_page_passthru: z.boolean().optional(),
});
const ratelimit = z.looseObject({
  characteristics: z.array(text),
  period: z.number(),
  requests_per_period: z.number().optional(),
  mitigation_timeout: z.number().optional(),
  requests_to_origin: z.boolean().optional(),
  counting_expression: text.optional(),
});
const rule = z.strictObject({
  id: text.optional(),
  ref: text.optional(),
  version: text.optional(),
  last_updated: text.optional(),
  action: text,
  expression: text,
  description: text.optional(),
  enabled: z.boolean().optional(),
  action_parameters: actionParameters.optional(),
  ratelimit: ratelimit.optional(),
  logging: z.record(text, z.unknown()).optional(),
  exposed_credential_check: z.unknown().optional(),
});
const body = z.strictObject({
  name: text,
  kind: text,
  phase: text,
  description: text.optional(),
  rules: z.array(rule).optional(),
});

/** Answers a request to Cloudflare's API about a zone's rulesets. */
export function answerRulesets(at: Place, request: ApiRequest): Answer {
  const { zone, item, more } = at;
  if (item === "phases") return answerEntryPoint(at, request);
  if (more.length > 0) return noRoute("/zones/:id/rulesets/:id/…", request.method);
  if (item === "") {
    if (request.method === "GET") return granted(zone.rulesets.map(({ rules: _, ...listed }) => listed));
    return request.method === "POST" ? write(at, request.body) : noRoute("/zones/:id/rulesets", request.method);
  }
  const ruleset = zone.rulesets.find(({ id }) => id === item);
  if (ruleset === undefined) return notFound(item);
  switch (request.method) {
    case "GET":
      return granted(ruleset);
    case "PUT":
      return write(at, request.body, ruleset);
    case "DELETE":
      put(
        at,
        zone.rulesets.filter(({ id }) => id !== item),
      );
      return granted(null);
    default:
      return noRoute("/zones/:id/rulesets/:id", request.method);
  }
}

/** `/rulesets/phases/<phase>/entrypoint`: the zone's own ruleset of a phase. */
function answerEntryPoint({ zone, more }: Place, request: ApiRequest): Answer {
  const [phase = "", name, ...rest] = more;
  if (name !== "entrypoint" || rest.length > 0 || request.method !== "GET") {
    return noRoute("/zones/:id/rulesets/phases/…", request.method);
  }
  const found = zone.rulesets.find((ruleset) => ruleset.phase === phase);
  return found === undefined ? notFound(phase) : granted(found);
}

function notFound(what: string): Answer {
  return refused(404, { code: 10_003, message: `could not find entrypoint or ruleset ${what}` });
}

function write(at: Place, sent: string, before?: Ruleset): Answer {
  const given = { ...(before === undefined ? {} : { kind: before.kind, phase: before.phase }), ...parse(sent) };
  const parsed = body.safeParse(given);
  if (!parsed.success) {
    const errors = parsed.error.issues.map(({ path, message }) => errorAt(invalid, path.map(String), message));
    return refused(400, ...errors);
  }
  const request = parsed.data as RulesetRequest;
  const errors = [
    ...checkRuleset(request).map(({ property, message }) => errorAt(invalid, pathOf(property), message)),
    ...conflicts(at.zone, request, before),
  ];
  if (errors.length > 0) return refused(400, ...errors);
  const ruleset = makeRuleset(request, before);
  put(at, [...at.zone.rulesets.filter(({ id }) => id !== ruleset.id), ruleset]);
  return granted(ruleset);
}

function conflicts(zone: Zone, { kind, phase }: RulesetRequest, before: Ruleset | undefined): ApiError[] {
  if (before !== undefined) {
    const kept = before.kind === kind && before.phase === phase;
    return kept ? [] : [errorAt(invalid, ["phase"], "kind and phase of a ruleset cannot be changed")];
  }
  if (!zone.rulesets.some((ruleset) => ruleset.phase === phase)) return [];
  const message = `'${kind}' is not a valid value for kind because exceeded maximum number of zone rulesets for phase ${phase}`;
  return [errorAt(phaseTaken, ["kind"], message)];
}

function makeRuleset(request: RulesetRequest, before: Ruleset | undefined): Ruleset {
  const now = new Date().toISOString();
  return {
    ...request,
    id: before?.id ?? newId(),
    description: request.description ?? "",
    version: String(Number(before?.version ?? 0) + 1),
    last_updated: now,
    rules: (request.rules ?? []).map((one) => makeRule(one, before?.rules ?? [], now)),
  };
}

/** A rule that was there before, by its reference, keeps its id. */
function makeRule(request: RuleRequest, before: readonly Rule[], now: string): Rule {
  const known = before.find(({ id, ref }) => (request.ref === undefined ? id === request.id : ref === request.ref));
  const id = known?.id ?? newId();
  return {
    ...request,
    id,
    ref: request.ref ?? id,
    version: String(Number(known?.version ?? 0) + 1),
    description: request.description ?? "",
    enabled: request.enabled ?? true,
    last_updated: now,
  };
}

function put({ api, zone }: Place, rulesets: readonly Ruleset[]): void {
  api.store.put({ ...zone, rulesets });
}

function newId(): string {
  return randomBytes(16).toString("hex");
}

/** `["rules", "0", "action"]` for `rules[0].action`. */
function pathOf(property: string): string[] {
  return property.split(/[.[\]]+/).filter((part) => part !== "");
}

function errorAt(code: number, path: readonly string[], message: string): ApiError {
  return { code, message, source: { pointer: `/${path.join("/")}` } };
}
