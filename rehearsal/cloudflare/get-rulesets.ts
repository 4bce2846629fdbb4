import type { GetRulesetsArgs, GetRulesetsResult } from "@pulumi/cloudflare";
import type { Invoke } from "../plugin/resource.ts";
import { callApi } from "./client.ts";
import { camel, rename } from "./letter-case.ts";
import { integer, text, type TableFor } from "./table.ts";

const getRulesetsArguments = {
  accountId: { shape: text },
  maxItems: { shape: integer },
  zoneId: { shape: text },
} as const satisfies TableFor<GetRulesetsArgs>;

/** `cloudflare.getRulesets`: a zone's rulesets, without their rules. */
export const getRulesets: Invoke = {
  token: "cloudflare:index/getRulesets:getRulesets",
  arguments: getRulesetsArguments,
  call: async (cloud, { accountId, zoneId, maxItems }) => {
    if (typeof zoneId !== "string" || accountId !== undefined) {
      throw new Error(
        "Exactly one of zoneId and accountId must be given, and the rehearsal has rulesets of zones only.",
      );
    }
    const found = (await callApi(cloud, { method: "GET", path: `/zones/${zoneId}/rulesets` })) as unknown[];
    const most = typeof maxItems === "number" ? found.slice(0, maxItems) : found;
    const rulesets = rename(most, camel);
    return { zoneId, maxItems, results: rulesets, rulesets } satisfies Record<
      Exclude<keyof GetRulesetsResult, "accountId">,
      unknown
    >;
  },
};
