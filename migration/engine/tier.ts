import type pg from "pg";
import type { Source } from "../sources/source.ts";
import { selfTest, type Tier } from "../sql/fingerprint.ts";

/** PostgreSQL's own hashes when they are not unwanted, and both servers are of one major version and encoding and hash a fixed record alike. */
export async function chooseTier(source: Source, target: pg.Client, wanted: "auto" | "text"): Promise<Tier> {
  if (wanted === "text") return "text";
  const server = await target.query<{ number: string; encoding: string }>(
    `SELECT current_setting('server_version_num') AS number, current_setting('server_encoding') AS encoding`,
  );
  const major = Math.floor(Number(server.rows[0]?.number ?? 0) / 10_000);
  const { catalogue } = source;
  if (catalogue.engine !== "postgresql" || catalogue.major !== major || major < 14) return "text";
  if (catalogue.encoding !== server.rows[0]?.encoding) return "text";
  const [there, here] = [
    await source.selfTest(),
    (await target.query<{ first: string; second: string }>(selfTest)).rows[0],
  ];
  return there !== undefined && there.first === here?.first && there.second === here.second ? "native" : "text";
}
