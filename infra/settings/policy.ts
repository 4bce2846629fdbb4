import { z } from "zod";
import { rules } from "../policy/catalogue.ts";

const ids = rules.map(({ id }) => id);
const ruleId = z.enum(ids, `the id of a rule: ${ids.join(", ")} (docs/rules.md)`);
const pattern = z.string().min(1, "a resource's URN, or its logical name, in which * stands for any characters");
const day = z.iso.date('a day such as "2026-12-31"');
const words = z.string().trim().min(1, "a text that is not empty");

const options = z.strictObject({
  level: z.enum(["mandatory", "advisory"], '"mandatory" or "advisory"').optional(),
  except: z.array(pattern).optional(),
  allow: z.array(words).optional(),
});

const waiver = z.strictObject({
  rule: ruleId.describe("Id of the rule."),
  urn: pattern.describe("URN of the resource that may break it, or its logical name; `*` stands for any characters."),
  owner: words.describe("Who answers for it."),
  reason: words.describe("Why it is meant."),
  expires: day.describe("The last day that it holds, in UTC. From the next day on the waiver is itself a violation."),
});

/** The rules that a change must satisfy, as this environment has them. Nothing that is built depends on it. */
export const policy = z
  .strictObject({
    rules: z
      .partialRecord(ruleId, options)
      .superRefine((given, context) => {
        for (const { id, allow } of rules) {
          const own = given[id]?.allow;
          if (allow !== undefined || own === undefined) continue;
          context.addIssue({
            code: "custom",
            path: [id, "allow"],
            message: "nothing: the rule has no such list",
            input: own,
          });
        }
      })
      .default({})
      .describe(
        "Options by a rule's id: `level` (mandatory or advisory), `except` (patterns of URNs that it is not asked about), " +
          "`allow` (in place of the rule's own list). docs/rules.md has every rule.",
      ),
    waivers: z.array(waiver).default([]).describe("Violations that are meant, each for a time."),
  })
  .prefault({});
