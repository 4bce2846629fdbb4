import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "@landfall/tools/paths";

/** Which release this is: what the environment says, or the version of the working tree. */
export function release(environment: Readonly<Record<string, string | undefined>>): string {
  const named = environment["RELEASE"];
  if (named !== undefined && named !== "") return named;
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  return version;
}
