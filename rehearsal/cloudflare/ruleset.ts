import type { RulesetState } from "@pulumi/cloudflare";
import { checkRuleset } from "../internet/rules/check.ts";
import type { Ruleset, RulesetRequest } from "../internet/rules/ruleset.ts";
import type { Fault, Properties, Resource } from "../plugin/resource.ts";
import { hasUnknown, UNKNOWN } from "../plugin/values.ts";
import { callApi, isGone } from "./client.ts";
import { camel, rename, snake } from "./letter-case.ts";
import { rulesetInputs } from "./ruleset-inputs.ts";

/** `cloudflare.Ruleset`, of a zone. */
export const ruleset: Resource = {
  token: "cloudflare:index/ruleset:Ruleset",
  inputs: rulesetInputs,
  secretOutputs: [],
  check: checkInputs,
  create: async (cloud, inputs) => {
    const path = `/zones/${zoneOf(inputs)}/rulesets`;
    const made = (await callApi(cloud, { method: "POST", path, body: bodyOf(inputs) })) as Ruleset;
    return { id: made.id, outputs: outputsOf(made, inputs) };
  },
  read: async (cloud, id, outputs) => {
    const place = placeOf(id, outputs);
    try {
      const found = await callApi(cloud, { method: "GET", path: pathOf(place) });
      return outputsOf(found as Ruleset, { ...outputs, zoneId: place.zone });
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  },
  update: async (cloud, { id, inputs }) => {
    const path = pathOf(placeOf(id, inputs));
    const changed = (await callApi(cloud, { method: "PUT", path, body: bodyOf(inputs) })) as Ruleset;
    return outputsOf(changed, inputs);
  },
  remove: async (cloud, id, outputs) => {
    try {
      await callApi(cloud, { method: "DELETE", path: pathOf(placeOf(id, outputs)) });
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  },
};

interface RulesetPlace {
  readonly zone: string;
  readonly ruleset: string;
}

/** An imported ruleset's id names the zone, too: `zones/<zone>/<ruleset>`. */
function placeOf(id: string, properties: Properties): RulesetPlace {
  const [kind, zone, imported] = id.split("/");
  if (zone === undefined || imported === undefined) return { zone: zoneOf(properties), ruleset: id };
  if (kind !== "zones") throw new Error(`The rehearsal has rulesets of zones only: zones/<zone>/<ruleset>, not ${id}.`);
  return { zone, ruleset: imported };
}

function pathOf({ zone, ruleset: id }: RulesetPlace): string {
  return `/zones/${zone}/rulesets/${id}`;
}

function checkInputs(inputs: Properties): Fault[] {
  const { accountId, zoneId, kind, phase, rules } = inputs;
  if (accountId !== undefined || zoneId === undefined) {
    const reason = "exactly one of zoneId and accountId must be given, and the rehearsal has rulesets of zones only";
    return [{ property: zoneId === undefined ? "zoneId" : "accountId", reason }];
  }
  if (kind === UNKNOWN || phase === UNKNOWN) return [];
  const { rules: _, ...rest } = inputs;
  const known = hasUnknown(rules) ? rest : inputs;
  return checkRuleset(rename(known, snake) as RulesetRequest).map(({ property, message }) => ({
    property: camel(property),
    reason: message,
  }));
}

function zoneOf(properties: Properties): string {
  return String(properties["zoneId"]);
}

function bodyOf({ zoneId: _zone, accountId: _account, ...inputs }: Properties): unknown {
  return rename(inputs, snake);
}

/** Every output of the SDK's class. */
function outputsOf(found: Ruleset, inputs: Properties): Properties {
  return {
    accountId: inputs["accountId"],
    zoneId: inputs["zoneId"],
    name: found.name,
    kind: found.kind,
    phase: found.phase,
    description: found.description,
    version: found.version,
    lastUpdated: found.last_updated,
    rules: found.rules.map(({ version: _version, last_updated: _updated, ...rule }) => rename(rule, camel)),
  } satisfies Record<keyof RulesetState, unknown>;
}
