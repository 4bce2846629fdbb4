import { domains, rules } from "./catalogue.ts";
import type { Rule } from "./rule.ts";

/** Headline of the page. */
const heading = `# Rules

What every change of an environment must satisfy, from \`infra/policy/\`; \`npm run reference\` writes this page anew and a
test keeps it current. \`npm run check -- ENVIRONMENT\` previews the environment and holds what would be made against the
rules, before anything is made:

| Exit code | What it means |
|---|---|
| 0 | No mandatory rule is broken. |
| 1 | A mandatory rule is broken: the change must not be made. |
| 2 | It could not be checked: the preview failed, or the settings of the rules are wrong. |

A rule that needs a value which only the change itself tells (the id of an image that is not built yet) is *not
evaluated*, which is never the same as passed: check again once the change is made. \`--json\` answers for a machine;
\`--preview FILE\` takes what \`pulumi preview --json --show-sames\` printed elsewhere. Where the vendors' providers cannot be
had, an environment is checked on the rehearsal cloud: \`npm run rehearse -- staging check\`.

The same rules are a policy pack, by which the engine itself refuses a preview or an update:

\`\`\`
npx pulumi preview --stack staging --policy-pack infra/policy
\`\`\`

A pack is not told what a change replaces or removes, nor which options a resource has besides \`protect\` and
\`ignoreChanges\`: T2 and T4 are for the check alone, S1 and T1 say there only what is wrong whatever the change.

## Options

An environment's settings may make a rule a matter of advice, keep it away from resources, and give its list anew:

\`\`\`yaml
landfall:policy:
  rules:
    D8: { except: ["*-legacy-learnmore"] }
    C2: { allow: [direct.example.com] }
    L4: { level: mandatory }
  waivers:
    - rule: D3
      urn: "*-node-exporter"
      owner: operations@example.com
      reason: It measures the server itself.
      expires: 2027-06-30
\`\`\`

A waiver takes a violation away until its last day has passed; then it is itself a violation. Resources are named by
their URN or its end; \`*\` stands for any characters.
`;

/** The reference page of all rules, in Markdown, from the rules themselves. */
export function renderRules(): string {
  const sections = Object.entries(domains).map(([letter, title]) => {
    const own = rules.filter(({ id }) => id.startsWith(letter));
    return `## ${title}\n\n${own.map(renderRule).join("\n")}`;
  });
  return [heading, ...sections].join("\n");
}

function renderRule({ id, title, level, why, fix, sources, allow }: Rule): string {
  const rows = [
    ["Level", level],
    ["Why", why],
    ["Fix", fix],
    ...(allow === undefined ? [] : [["`allow`", `${allow.what} By itself: ${listed(allow.usual)}.`]]),
    ["Sources", sources.join("; ")],
  ];
  const table = rows.map(([name = "", text = ""]) => `| ${name} | ${text.replaceAll("|", "\\|")} |`);
  return `### ${id}: ${title}\n\n| | |\n|---|---|\n${table.join("\n")}\n`;
}

function listed(list: readonly string[]): string {
  return list.length === 0 ? "nothing" : list.map((one) => `\`${one}\``).join(", ");
}
