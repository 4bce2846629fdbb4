/**
 * `npm run benchmark:migration -- [ROUNDS]`: the move of LearnMore's sample beside `pg_dump | pg_restore` of the same
 * database, both from one container to another, in interleaved rounds of one run. The containers are made for it and
 * removed again; nothing else is touched.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildImage } from "../services/images.ts";
import { execute } from "../../infra/engine/execute.ts";
import { putFiles } from "../../infra/engine/archive.ts";
import { openEngine } from "../../tools/engine.ts";
import { runInForeground } from "../../tools/foreground.ts";
import { engine as engineSteps, prepareGround } from "../../tools/ground.ts";
import { root } from "../../tools/paths.ts";
import { until } from "../stacks/until.ts";

const rounds = process.argv[2] ?? "5";
const name = `landfall-benchmark-${randomBytes(4).toString("hex")}`;
const password = randomBytes(24).toString("hex");
const postgresUser = 999;

await prepareGround(engineSteps());
const docker = openEngine();

/** A PostgreSQL server that the benchmark owns, with the same limits for both ends. */
async function startServer(alias: string, image: "postgres" | "legacy-learnmore"): Promise<string> {
  const database = image === "postgres" ? "landfall" : "learnmore";
  const container = await docker.createContainer({
    name: `${name}-${alias}`,
    Image: await buildImage(image),
    Env: [
      `POSTGRES_DATABASE=${database}`,
      "POSTGRES_OWNER=benchmark",
      "POSTGRES_OWNER_PASSWORD_FILE=/run/secrets/owner_password",
      "POSTGRES_TLS=off",
    ],
    Cmd: ["-c", "shared_buffers=256MB", "-c", "max_wal_size=2GB"],
    HostConfig: { NetworkMode: name, Memory: 1024 ** 3 },
    NetworkingConfig: { EndpointsConfig: { [name]: { Aliases: [alias] } } },
  });
  const file = { content: password, mode: 0o400, owner: postgresUser };
  await putFiles(docker, { container: container.id, folder: "/run/secrets" }, { owner_password: file });
  await container.start();
  await until(`${alias} is healthy`, async () => (await container.inspect()).State.Health?.Status === "healthy");
  return container.id;
}

const folder = mkdtempSync(join(tmpdir(), "landfall-benchmark-"));
const passwordFile = join(folder, "password");
// The container's own user must be able to read it; what it opens lives as long as this run.
writeFileSync(passwordFile, password, { mode: 0o644 });
const network = await docker.createNetwork({ Name: name, Internal: true });
const containers: string[] = [];
try {
  containers.push(await startServer("old", "legacy-learnmore"));
  const target = await startServer("new", "postgres");
  containers.push(target);
  const grant = "ALTER ROLE benchmark CREATEDB";
  const command = ["psql", "-h", "/run/postgresql", "-d", "postgres", "-qc", grant];
  const { exitCode, stderr } = await execute(docker, {
    container: target,
    command,
    signal: AbortSignal.timeout(10_000),
  });
  if (exitCode !== 0) throw new Error(stderr);
  const settings = {
    DB_HOST: "new",
    DB_PORT: "5432",
    DB_NAME: "landfall",
    DB_USER: "benchmark",
    DB_PASSWORD_FILE: "/run/password",
    SOURCE_LEARNMORE_HOST: "old",
    SOURCE_LEARNMORE_PORT: "5432",
    SOURCE_LEARNMORE_NAME: "learnmore",
    SOURCE_LEARNMORE_USER: "benchmark",
    SOURCE_LEARNMORE_PASSWORD_FILE: "/run/password",
    MIGRATION_SYSTEMS: "learnmore",
    MIGRATION_WORKERS: "2",
    RELEASE: "benchmark",
  };
  process.exitCode = await runInForeground(
    "docker",
    [
      ...["run", "--rm", "--network", name, "--name", `${name}-move`, "--volume", `${root}:/srv/landfall:ro`],
      ...["--volume", `${passwordFile}:/run/password:ro`],
      ...["--workdir", "/srv/landfall", "--tmpfs", "/tmp:rw,exec,mode=1777"],
      ...Object.keys(settings).flatMap((key) => ["--env", key]),
      ...[await buildImage("migration"), "node", "migration/benchmark.ts", rounds],
    ],
    { ...process.env, ...settings },
  );
} finally {
  for (const id of containers) await docker.getContainer(id).remove({ force: true, v: true });
  await network.remove();
  rmSync(folder, { recursive: true });
}
