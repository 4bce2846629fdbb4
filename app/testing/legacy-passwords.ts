import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { z } from "zod";

/** An account of LearnMore's sample: the encoded hash from the dump and, unless it is unusable, the password. */
export interface LegacyPassword {
  readonly username: string;
  readonly encoded: string;
  readonly password: string | undefined;
}

const credentials = z.record(z.string(), z.object({ password: z.string() }));

/** The accounts of LearnMore's sample, from its dump and the passwords that come with it. */
export function legacyPasswords(): LegacyPassword[] {
  const folder = new URL("../../samples/legacy/learnmore/", import.meta.url);
  const known = credentials.parse(JSON.parse(readFileSync(new URL("credentials.json", folder), "utf8")));
  const dump = gunzipSync(readFileSync(new URL("dump.sql.gz", folder))).toString("utf8");
  const block = /^COPY public\.auth_user \(([^)]*)\) FROM stdin;\n([\s\S]*?)^\\\.$/m.exec(dump);
  const columns = block?.[1]?.split(", ") ?? [];
  const rows = block?.[2]?.trimEnd().split("\n") ?? [];
  return rows
    .map((row) => row.split("\t"))
    .map((row) => {
      const username = row[columns.indexOf("username")] ?? "";
      return { username, encoded: row[columns.indexOf("password")] ?? "", password: known[username]?.password };
    });
}
