// `npm run reference`: writes docs/settings.md and docs/rules.md anew.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../images/files.ts";
import { renderRules } from "../policy/reference.ts";
import { renderReference } from "./reference.ts";

writeFileSync(join(projectRoot, "docs/settings.md"), renderReference());
writeFileSync(join(projectRoot, "docs/rules.md"), renderRules());
