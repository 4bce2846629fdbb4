import type * as cloudflare from "@pulumi/cloudflare";

/** A phase of a request in which a zone's own rules hold. */
export type RulePhase = "http_request_cache_settings" | "http_ratelimit";

type Rule = cloudflare.types.input.RulesetRule;

/** Where the service has files whose names hold their content's hash; it lets them be kept for ever. */
const staticFiles = "/assets/";
/** Where people sign in. */
const signIn = "/sign-in";

/**
 * The rules of what Cloudflare's edge keeps: static files, for as long as the origin says, and nothing else of the hosts.
 * Without the second rule the edge would keep whatever is named like a file, `/exports/people.csv` too
 * (https://developers.cloudflare.com/cache/concepts/default-cache-behavior/).
 */
export function cacheRules(hosts: readonly string[]): Rule[] {
  const ours = `http.host in {${hosts.map((host) => JSON.stringify(host)).join(" ")}}`;
  const fixed = `starts_with(http.request.uri.path, ${JSON.stringify(staticFiles)})`;
  return [
    {
      ref: "landfall_private",
      description: "Pages and data are nobody else's",
      expression: `(${ours} and not ${fixed})`,
      action: "set_cache_settings",
      actionParameters: { cache: false },
      enabled: true,
    },
    {
      ref: "landfall_static",
      description: "Static files have their content's hash in their names",
      expression: `(${ours} and ${fixed})`,
      action: "set_cache_settings",
      actionParameters: {
        cache: true,
        edgeTtl: { mode: "respect_origin" },
        browserTtl: { mode: "respect_origin" },
      },
      enabled: true,
    },
  ];
}

/**
 * The rule of how often one address may ask for the sign-in page, as every plan of Cloudflare's has it: by the path alone,
 * so for every host of the zone, within ten seconds, for ten seconds, counted in each data centre by itself
 * (https://developers.cloudflare.com/waf/rate-limiting-rules/#availability).
 *
 * @param requests within ten seconds; one more is blocked
 */
export function signInRules(requests: number): Rule[] {
  return [
    {
      ref: "landfall_sign_in",
      description: "Nobody guesses passwords by the hundred",
      expression: `(http.request.uri.path eq ${JSON.stringify(signIn)})`,
      action: "block",
      ratelimit: {
        characteristics: ["cf.colo.id", "ip.src"],
        period: 10,
        requestsPerPeriod: requests,
        mitigationTimeout: 10,
      },
      enabled: true,
    },
  ];
}

/** A list of rules as a zone has it. */
interface RuleList {
  readonly id: string;
  readonly kind: string;
  readonly description: string;
  readonly phase: string;
}

/**
 * A zone's own list of a phase that somebody else has made; undefined when there is none.
 *
 * @param found every list that holds in the zone; undefined where the vendor names none
 */
export function foreignRules(
  found: readonly RuleList[] | undefined,
  ours: { readonly phase: RulePhase; readonly description: string },
): RuleList | undefined {
  return found?.find(
    ({ kind, phase, description }) => kind === "zone" && phase === ours.phase && description !== ours.description,
  );
}

/**
 * What a person does about a list that somebody else has made.
 *
 * @param ours the list that this stack would have: its logical name, its zone, and the description it is known by
 */
export function describeForeign(
  { id, phase }: RuleList,
  ours: {
    readonly noun: string;
    readonly zone: string;
    readonly zoneId: string;
    readonly description: string;
  },
): string {
  const { noun, zone, zoneId, description } = ours;
  const setting = phase === "http_ratelimit" ? "signInRequests: none" : "cacheRules: false";
  const emptied = JSON.stringify({ description, rules: [] });
  return [
    `The zone ${zone} has rules of the phase ${phase} already, which this stack has not made, and a zone has one list of each phase. They stay as they are.`,
    `  either: keep them, with landfall:dns.${setting}, or with landfall:dns.manageZone: false`,
    "  or:     have this stack's rules in their place. Save them, empty their list in this stack's name, and import it:",
    `          curl -X PUT -H "Authorization: Bearer $CLOUDFLARE_API_TOKEN" --json '${emptied}' https://api.cloudflare.com/client/v4/zones/${zoneId}/rulesets/${id}`,
    `          npx pulumi import cloudflare:index/ruleset:Ruleset ${noun} zones/${zoneId}/${id}`,
  ].join("\n");
}
