import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { DatabaseSync } from "node:sqlite";
import { gunzipSync } from "node:zlib";
import { extract } from "tar-stream";
import { z } from "zod";
import { projectRoot } from "../../images/files.ts";

const folder = join(projectRoot, "samples/legacy/dirfinal");
const credentials = z.record(z.string(), z.object({ password: z.string() }));
const owner = z.object({ username: z.string(), contacts: z.number() });

/** The user of dirfinal's sample who has the most contacts, with the old password and their number. */
export function ownerOfMostContacts(): { username: string; password: string; contacts: number } {
  const place = mkdtempSync(join(tmpdir(), "landfall-dirfinal-"));
  try {
    const file = join(place, "directory.db");
    writeFileSync(file, gunzipSync(readFileSync(join(folder, "directory.db.gz"))));
    const database = new DatabaseSync(file, { readOnly: true });
    const row = database
      .prepare(
        `SELECT u.username, count(*) AS contacts FROM phonebook_entry e JOIN user u ON u.id = e.owner_id
         GROUP BY u.id ORDER BY count(*) DESC, u.id LIMIT 1`,
      )
      .get();
    database.close();
    const { username, contacts } = owner.parse(row);
    const known = credentials.parse(JSON.parse(readFileSync(join(folder, "credentials.json"), "utf8")));
    return { username, contacts, password: known[username]?.password ?? "" };
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** SHA-256 of every file of dirfinal's sample, by its path below `media`. */
export const sampleFiles = (): Promise<Map<string, string>> =>
  digestsOf(Readable.from([gunzipSync(readFileSync(join(folder, "media.tar.gz")))]));

/** SHA-256 of every file in a tar archive, by its path below the archive's outermost folder. */
export async function digestsOf(archive: NodeJS.ReadableStream): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  const reader = extract();
  archive.pipe(reader);
  for await (const entry of reader) {
    const content = await buffer(entry);
    if (entry.header.type !== "file") continue;
    const path = entry.header.name.split("/").slice(1).join("/");
    digests.set(path, createHash("sha256").update(content).digest("hex"));
  }
  return digests;
}
