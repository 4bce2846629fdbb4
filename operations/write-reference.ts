// `npm run reference`: writes the pages of docs/ that are made from the code anew.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { renderRules } from "@landfall/infra/policy/reference";
import { renderReference } from "@landfall/infra/settings/reference";
import { mappingPages } from "@landfall/migration/plans/mapping-pages";
import { plans } from "@landfall/migration/plans/plans";
import { root } from "@landfall/tools/paths";
import { renderCommandReference } from "./landfall/reference.ts";

const pages = new Map([
  ["docs/settings.md", renderReference()],
  ["docs/rules.md", renderRules()],
  ["docs/landfall.md", renderCommandReference([...plans.keys()])],
  ...mappingPages(),
]);
for (const [path, text] of pages) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
