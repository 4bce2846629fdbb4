import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { appliedTable } from "@landfall/app/schema/version";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { start } from "./client-programs.ts";
import { scriptParts } from "./dump-script.ts";
import type { Manifest } from "./manifest.ts";

/** Those lines of a dump's table of contents that are ours to restore. */
export function ownEntries(contents: string, of: Pick<Manifest, "schemas" | "extensions">): string[] {
  return contents.split("\n").filter((line) => {
    const found = /^\d+; \d+ \d+ (?<kind>[A-Z][A-Z ]*?) (?<schema>-|[^A-Z ]\S*) (?<tag>.*)$/.exec(line)?.groups;
    if (found === undefined) return false;
    const { kind = "", schema = "", tag = "" } = found;
    if (of.schemas.includes(schema)) return true;
    if (schema === appliedTable.schema)
      return tag.replace(/^(TABLE|SEQUENCE|COLUMN) /, "").startsWith(appliedTable.name);
    const [name = ""] = tag.replace(/^SCHEMA /, "").split(" ");
    if (kind === "EXTENSION") return of.extensions.includes(name);
    return ["SCHEMA", "ACL", "COMMENT"].includes(kind) && schema === "-" && of.schemas.includes(name);
  });
}

/**
 * Restores what is ours of a dump through a client, within its transaction: what is depended on first, then the rows,
 * then indexes, constraints and triggers. The owner of everything is who restores. Throws NoDump where pg_restore is
 * missing or too old for the dump.
 */
export async function restoreArchive(
  client: pg.Client,
  dump: string,
  of: Pick<Manifest, "schemas" | "extensions">,
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "landfall-"));
  try {
    const list = join(directory, "list");
    const entries = ownEntries(await outputOf(["--list", dump], text), of);
    await writeFile(list, `${entries.join("\n")}\n`);
    const section = <Result>(name: string, read: (output: Readable) => Promise<Result>): Promise<Result> =>
      outputOf(["--no-owner", "--no-tablespaces", `--section=${name}`, `--use-list=${list}`, "--file=-", dump], read);
    await client.query(understood(await section("pre-data", text)));
    await section("data", (output) => load(client, output));
    await client.query(understood(await section("post-data", text)));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function outputOf<Result>(args: readonly string[], read: (output: Readable) => Promise<Result>): Promise<Result> {
  const abandoned = new AbortController();
  const program = start("pg_restore", args, { signal: abandoned.signal });
  try {
    const result = await read(program.output);
    await program.ended;
    return result;
  } catch (error) {
    abandoned.abort();
    // The program's own words say more than what its broken output led to.
    await program.ended;
    throw error;
  }
}

async function load(client: pg.Client, script: Readable): Promise<void> {
  for await (const part of scriptParts(script as AsyncIterable<Buffer>)) {
    if (part.kind === "sql") await client.query(understood(part.text));
    else await pipeline(part.rows, client.query(copyFrom(part.statement)));
  }
}

// Commands of psql's own, and a setting that servers before 17 do not have.
const understood = (script: string): string =>
  script.replaceAll(/^(\\(un)?restrict .*|SET transaction_timeout = .*)$/gm, "");
