import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { cacheRules, describeForeign, foreignRules, signInRules, type RulePhase } from "../dns/edge-rules.ts";
import type { CloudflareDnsSettings } from "../settings/dns.ts";

/** Arguments of EdgeRules. */
export interface EdgeRulesArgs {
  readonly zoneId: pulumi.Output<string>;
  readonly hosts: readonly string[];
  readonly settings: CloudflareDnsSettings;
  /** By which the zone's lists of rules are known as this stack's. */
  readonly description: string;
}

/**
 * What Cloudflare's edge does with requests before they reach us: which it answers from its cache, and how many of one
 * address it lets through to the sign-in page. A zone has one list of rules a phase, and this stack has it whole: a list
 * that somebody else has made is refused, in the preview, and never replaced.
 */
export class EdgeRules extends pulumi.ComponentResource {
  constructor(args: EdgeRulesArgs, options?: pulumi.ComponentResourceOptions) {
    super("landfall:infra:EdgeRules", "edge-rules", {}, options);
    const { zoneId, hosts, settings, description } = args;
    const found = cloudflare.getRulesetsOutput({ zoneId }, { parent: this });
    const list = (noun: string, phase: RulePhase, rules: cloudflare.types.input.RulesetRule[]): void => {
      const allowed = pulumi.all([zoneId, found]).apply(([id, { rulesets }]) => {
        const foreign = foreignRules(rulesets, { phase, description });
        if (foreign === undefined) return id;
        throw new Error(describeForeign(foreign, { noun, zone: settings.zone, zoneId: id, description }));
      });
      new cloudflare.Ruleset(
        noun,
        // The name is the one that lists get which are made in Cloudflare's console.
        { zoneId: allowed, name: "default", description, kind: "zone", phase, rules },
        // The alias is what an import is called.
        { parent: this, deleteBeforeReplace: true, aliases: [{ parent: pulumi.rootStackResource }] },
      );
    };
    if (settings.cacheRules) list("cache-rules", "http_request_cache_settings", cacheRules(hosts));
    if (settings.signInRequests !== "none") list("rate-rules", "http_ratelimit", signInRules(settings.signInRequests));
    this.registerOutputs();
  }
}
