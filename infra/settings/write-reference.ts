// `npm run reference`: writes docs/settings.md anew.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../images/files.ts";
import { renderReference } from "./reference.ts";

writeFileSync(join(projectRoot, "docs/settings.md"), renderReference());
