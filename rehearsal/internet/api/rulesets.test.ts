import { beforeEach, expect, test } from "vitest";
import type { Ruleset } from "../rules/ruleset.ts";
import { account, certificatesOf, storeOf, zoneWith } from "../testing.ts";
import type { Answer } from "./envelope.ts";
import type { Api } from "./place.ts";
import { answer } from "./route.ts";

const zone = zoneWith([]);
const path = `/zones/${zone.id}/rulesets`;
let api: Api;

beforeEach(() => {
  api = {
    account,
    store: storeOf(zone),
    certificates: certificatesOf(),
    publish: () => Promise.resolve(),
    faults: () => Promise.resolve(undefined),
  };
});

interface Sent {
  readonly token?: string;
  readonly body?: unknown;
}

function call(method: string, below: string, { token = "full-token", body }: Sent = {}): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}` };
  return answer(api, { method, target: `/client/v4${path}${below}`, headers, body: JSON.stringify(body ?? "") });
}

const rule = {
  ref: "static",
  action: "set_cache_settings",
  expression: 'starts_with(http.request.uri.path, "/static/")',
  action_parameters: { cache: true },
};
const ruleset = { name: "cache", kind: "zone", phase: "http_request_cache_settings", rules: [rule] };

test("a ruleset is made with what Cloudflare fills in, listed without its rules, and removed", async () => {
  const made = (await call("POST", "", { body: ruleset })).body.result as Ruleset;
  expect(made).toMatchObject({
    version: "1",
    description: "",
    rules: [{ ref: "static", enabled: true, version: "1" }],
  });
  const { rules: _, ...listed } = made;
  expect((await call("GET", "")).body.result).toEqual([listed]);
  expect((await call("GET", `/${made.id}`)).body.result).toEqual(made);
  expect((await call("GET", "/phases/http_request_cache_settings/entrypoint")).body.result).toEqual(made);
  expect((await call("DELETE", `/${made.id}`)).status).toBe(200);
  expect((await call("GET", `/${made.id}`)).status).toBe(404);
  expect((await call("GET", "/phases/http_request_cache_settings/entrypoint")).status).toBe(404);
});

test("a zone has one ruleset for each phase", async () => {
  await call("POST", "", { body: ruleset });
  expect(await call("POST", "", { body: ruleset })).toMatchObject({
    status: 400,
    body: { errors: [{ code: 20217, source: { pointer: "/kind" } }] },
  });
});

test("a rule keeps its id over changes by its reference", async () => {
  const made = (await call("POST", "", { body: ruleset })).body.result as Ruleset;
  const rules = [
    { ...rule, ref: "other" },
    { ...rule, enabled: false },
  ];
  const changed = (await call("PUT", `/${made.id}`, { body: { name: "cache", rules } })).body.result as Ruleset;
  expect(changed).toMatchObject({ id: made.id, version: "2", phase: made.phase });
  expect(changed.rules[1]).toMatchObject({ id: made.rules[0]?.id, enabled: false, version: "2" });
  expect(changed.rules[0]?.id).not.toBe(made.rules[0]?.id);
});

test("a phase cannot be changed", async () => {
  const made = (await call("POST", "", { body: ruleset })).body.result as Ruleset;
  const body = { ...ruleset, phase: "http_ratelimit", rules: [] };
  expect(await call("PUT", `/${made.id}`, { body })).toMatchObject({ status: 400 });
});

test("what the plan does not have is refused with the place in the body", async () => {
  const rules = [{ ...rule, action_parameters: { edge_ttl: { mode: "override_origin", default: 60 } } }];
  const refusal = await call("POST", "", { body: { ...ruleset, rules } });
  expect(refusal).toMatchObject({
    status: 400,
    body: { errors: [{ source: { pointer: "/rules/0/action_parameters/edge_ttl/default" } }] },
  });
});

test("a body that is none is refused", async () => {
  expect((await call("POST", "", { body: { ...ruleset, rules: [{ action: 1 }] } })).status).toBe(400);
  expect((await call("POST", "", { body: { ...ruleset, colour: "red" } })).status).toBe(400);
});

test("a token for DNS may not touch rules", async () => {
  expect(await call("GET", "", { token: "dns-token" })).toMatchObject({
    status: 403,
    body: { errors: [{ code: 10000 }] },
  });
});
