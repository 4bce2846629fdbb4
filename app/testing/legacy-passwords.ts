import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { gunzipSync } from "node:zlib";
import { z } from "zod";

/** An account of a legacy system's sample: the encoded hash that it has there and, unless it is unusable, the password. */
export interface LegacyPassword {
  /** User name, or the e-mail where there are no user names. */
  readonly username: string;
  readonly encoded: string;
  readonly password: string | undefined;
  /** The scheme as the sample's list of passwords calls it. */
  readonly scheme: string | undefined;
}

export type LegacySystem = "learnmore" | "listcutter" | "openlearn" | "unpuzzle" | "dirfinal";

const credentials = z.record(z.string(), z.object({ password: z.string(), scheme: z.string() }));

/** The accounts of a system's sample, from its data and the passwords that come with them. */
export function legacyPasswords(system: LegacySystem = "learnmore"): LegacyPassword[] {
  const known = credentials.parse(JSON.parse(sampleFile(system, "credentials.json").toString("utf8")));
  return accountsOf(system).map(([username, encoded]) => ({
    username,
    encoded,
    password: known[username]?.password,
    scheme: known[username]?.scheme,
  }));
}

function accountsOf(system: LegacySystem): (readonly [string, string])[] {
  switch (system) {
    case "learnmore":
    case "listcutter":
      return copied(dump(system), { table: "auth_user", name: "username", password: "password" });
    case "openlearn":
      return copied(dump(system), { table: "users", name: "email", password: "hashed_password" });
    case "unpuzzle":
      return inserted(dump(system));
    case "dirfinal":
      return stored(gunzipSync(sampleFile(system, "directory.db.gz")));
  }
}

function sampleFile(system: LegacySystem, name: string): Buffer {
  return readFileSync(new URL(`../../samples/legacy/${system}/${name}`, import.meta.url));
}

function dump(system: LegacySystem): string {
  return gunzipSync(sampleFile(system, "dump.sql.gz")).toString("utf8");
}

/** From a COPY block of pg_dump. */
function copied(
  text: string,
  of: { readonly table: string; readonly name: string; readonly password: string },
): (readonly [string, string])[] {
  const block = new RegExp(`^COPY public\\.${of.table} \\(([^)]*)\\) FROM stdin;\\n([\\s\\S]*?)^\\\\\\.$`, "m").exec(
    text,
  );
  const columns = block?.[1]?.split(", ") ?? [];
  const [name, password] = [columns.indexOf(of.name), columns.indexOf(of.password)];
  const rows = block?.[2]?.trimEnd().split("\n") ?? [];
  return rows.map((row) => row.split("\t")).map((row) => [row[name] ?? "", row[password] ?? ""]);
}

/** From the INSERT of a MariaDB dump: `(id, uuid, email, name, password, …`. */
function inserted(text: string): (readonly [string, string])[] {
  const block = /^INSERT INTO `users` VALUES\n([\s\S]*?);$/m.exec(text)?.[1] ?? "";
  const quoted = String.raw`'((?:[^'\\]|\\.)*)'`;
  const row = new RegExp(String.raw`^\(\d+,${quoted},${quoted},${quoted},${quoted}`, "gm");
  return [...block.matchAll(row)].map(([, , email = "", , password = ""]) => [email, password]);
}

/** From an SQLite file. */
function stored(content: Buffer): (readonly [string, string])[] {
  const folder = mkdtempSync(join(tmpdir(), "landfall-passwords-"));
  try {
    writeFileSync(join(folder, "directory.db"), content);
    const database = new DatabaseSync(join(folder, "directory.db"), { readOnly: true });
    const rows = database.prepare("SELECT username, password_hash FROM user").all();
    database.close();
    return z
      .array(z.object({ username: z.string(), password_hash: z.string() }))
      .parse(rows)
      .map((row) => [row.username, row.password_hash]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
