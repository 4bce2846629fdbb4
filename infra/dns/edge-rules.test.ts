import { expect, test } from "vitest";
import { cacheRules, describeForeign, foreignRules, signInRules } from "./edge-rules.ts";

test("static files are kept as the origin says, and everything else of the hosts is not kept at all", () => {
  expect(cacheRules(["learn.example.com", "www.example.com"])).toMatchObject([
    {
      expression:
        '(http.host in {"learn.example.com" "www.example.com"} and not starts_with(http.request.uri.path, "/assets/"))',
      action: "set_cache_settings",
      actionParameters: { cache: false },
    },
    {
      expression:
        '(http.host in {"learn.example.com" "www.example.com"} and starts_with(http.request.uri.path, "/assets/"))',
      action: "set_cache_settings",
      actionParameters: { cache: true, edgeTtl: { mode: "respect_origin" }, browserTtl: { mode: "respect_origin" } },
    },
  ]);
});

test("the sign-in page has a rate as every plan of the vendor's can have it: by the path, ten seconds for ten seconds", () => {
  expect(signInRules(30)).toMatchObject([
    {
      expression: '(http.request.uri.path eq "/sign-in")',
      action: "block",
      ratelimit: {
        characteristics: ["cf.colo.id", "ip.src"],
        period: 10,
        requestsPerPeriod: 30,
        mitigationTimeout: 10,
      },
    },
  ]);
});

test("every rule has a reference by which it stays the same rule when its text changes", () => {
  const references = [...cacheRules(["a.example.com"]), ...signInRules(30)].map(({ ref }) => ref);
  expect(references).toEqual(["landfall_private", "landfall_static", "landfall_sign_in"]);
});

test("a list of the same phase that the zone has and this stack has not made is found, and no other", () => {
  const ours = { phase: "http_ratelimit", description: "landfall staging" } as const;
  const list = { id: "1", kind: "zone", description: "", phase: "http_ratelimit" };
  expect(foreignRules([list], ours)).toBe(list);
  expect(foreignRules([{ ...list, description: "landfall production" }], ours)).toMatchObject({ id: "1" });
  expect(foreignRules([{ ...list, description: "landfall staging" }], ours)).toBeUndefined();
  expect(foreignRules([{ ...list, kind: "managed" }], ours)).toBeUndefined();
  expect(foreignRules([{ ...list, phase: "http_request_cache_settings" }], ours)).toBeUndefined();
  expect(foreignRules(undefined, ours)).toBeUndefined();
});

test("a list that somebody else has made is told with both ways out", () => {
  const list = { id: "r1", kind: "zone", description: "", phase: "http_request_cache_settings" };
  const ours = { noun: "cache-rules", zone: "example.com", zoneId: "z1", description: "landfall staging" };
  expect(describeForeign(list, ours)).toBe(
    `The zone example.com has rules of the phase http_request_cache_settings already, which this stack has not made, and a zone has one list of each phase. They stay as they are.
  either: keep them, with landfall:dns.cacheRules: false, or with landfall:dns.manageZone: false
  or:     have this stack's rules in their place. Save them, empty their list in this stack's name, and import it:
          curl -X PUT -H "Authorization: Bearer $CLOUDFLARE_API_TOKEN" --json '{"description":"landfall staging","rules":[]}' https://api.cloudflare.com/client/v4/zones/z1/rulesets/r1
          npx pulumi import cloudflare:index/ruleset:Ruleset cache-rules zones/z1/r1`,
  );
  expect(describeForeign({ ...list, phase: "http_ratelimit" }, ours)).toContain("landfall:dns.signInRequests: none");
});
