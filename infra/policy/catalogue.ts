import { cloudflareRules } from "./rules/cloudflare.ts";
import { dataRules } from "./rules/data.ts";
import { engineRules } from "./rules/engine.ts";
import { exposureRules } from "./rules/exposure.ts";
import { imageRules } from "./rules/images.ts";
import { linodeRules } from "./rules/linode.ts";
import { privilegeRules } from "./rules/privilege.ts";
import { runningRules } from "./rules/running.ts";
import { secretRules } from "./rules/secrets.ts";
import type { Rule } from "./rule.ts";

const all: readonly Rule[] = [
  ...exposureRules,
  ...privilegeRules,
  ...imageRules,
  ...runningRules,
  ...secretRules,
  ...dataRules,
  ...linodeRules,
  ...cloudflareRules,
  ...engineRules,
];

/** What the first letter of a rule's id stands for. */
export const domains = {
  D: "Containers",
  S: "Data",
  L: "Linode",
  C: "Cloudflare",
  T: "The engine and its providers",
  W: "Waivers",
} as const;

/** Every rule, by domain and number. */
export const rules: readonly Rule[] = Object.keys(domains).flatMap((letter) =>
  all.filter(({ id }) => id.startsWith(letter)).sort((one, other) => numberOf(one) - numberOf(other)),
);

function numberOf({ id }: Rule): number {
  return Number(id.slice(1));
}
