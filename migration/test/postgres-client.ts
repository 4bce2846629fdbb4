import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { buildImage } from "../../test/services/images.ts";
import { openEngine } from "../../tools/engine.ts";

const programs = ["pg_dump", "pg_restore"] as const;

/** Everything that the programs need, in one folder. */
const packing = `cd /usr/lib/postgresql/*/bin
tar chf - --transform 's,.*/,,' ${programs.join(" ")} $(ldd ${programs.join(" ")} | grep -o '/[^ )]*' | sort -u)`;

/**
 * A folder with pg_dump and pg_restore of the version that the tests' server has, which this machine need not have: taken
 * out of the server's own image, with the libraries that they want, and kept for the next time.
 */
export async function postgresClient(): Promise<string> {
  const image = await buildImage("postgres");
  const folder = join(
    tmpdir(),
    `landfall-postgres-client-${createHash("sha256").update(image).digest("hex").slice(0, 16)}`,
  );
  if (existsSync(folder)) return folder;
  const unfinished = await mkdtemp(`${folder}-`);
  await unpack(image, unfinished);
  const loader = (await readdir(unfinished)).find((name) => name.startsWith("ld-"));
  if (loader === undefined) throw new Error(`${image} has no loader for its programs`);
  for (const program of programs) {
    await rename(join(unfinished, program), join(unfinished, `${program}.program`));
    const script = `#!/bin/sh\nexec ${folder}/${loader} --library-path ${folder} ${folder}/${program}.program "$@"\n`;
    await writeFile(join(unfinished, program), script, { mode: 0o755 });
  }
  try {
    await rename(unfinished, folder);
  } catch (error) {
    // Another test was quicker.
    await rm(unfinished, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

async function unpack(image: string, folder: string): Promise<void> {
  const tar = spawn("tar", ["xf", "-", "-C", folder], { stdio: ["pipe", "inherit", "inherit"] });
  const ended = once(tar, "close");
  const complaints: Buffer[] = [];
  const errors = new Writable({
    write(chunk: Buffer, _encoding, done) {
      complaints.push(chunk);
      done();
    },
  });
  const [result] = (await openEngine().run(image, [], [tar.stdin, errors], {
    Tty: false,
    Entrypoint: ["bash", "-c", packing],
    HostConfig: { AutoRemove: true },
  })) as [{ StatusCode: number }, unknown];
  const [code] = (await ended) as [number | null];
  if (result.StatusCode !== 0 || code !== 0)
    throw new Error(
      `The PostgreSQL client could not be taken out of ${image}: ${Buffer.concat(complaints).toString()}`,
    );
}
