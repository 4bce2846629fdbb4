import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { projectRoot } from "../../images/files.ts";

const credentialsSchema = z.record(z.string(), z.object({ password: z.string(), scheme: z.string() }));

/** User name, old password and its scheme of every LearnMore user that can sign in. */
export const learnmoreCredentials = Object.entries(
  credentialsSchema.parse(
    JSON.parse(readFileSync(join(projectRoot, "samples/legacy/learnmore/credentials.json"), "utf8")),
  ),
).map(([username, { password, scheme }]) => ({ username, password, scheme }));

/** One user of each password scheme. */
export const onePerScheme = [...new Map(learnmoreCredentials.map((user) => [user.scheme, user])).values()];
