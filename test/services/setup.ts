/** Runs one Postgres and one Redis, of the project's own images, for the tests that need them. */
import { randomBytes } from "node:crypto";
import type { Container } from "dockerode";
import type { TestProject } from "vitest/node";
import { putFiles, type ArchiveFile } from "../../infra/engine/archive.ts";
import { openEngine } from "../../tools/engine.ts";
import { engine, prepareGround } from "../../tools/ground.ts";
import { isAlive } from "../../tools/process.ts";
import { label } from "./estate.ts";
import { buildImage } from "./images.ts";
import type { PostgresAddress } from "./services.ts";
import { untilReady } from "./ready.ts";

interface Service {
  image: string;
  port: number;
  environment?: Record<string, string>;
  command?: string[];
  /** The user that owns the data and the secret files. */
  user: number;
  data: string;
  secrets: Record<string, string>;
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await prepareGround(engine());
  await removeLeftovers();
  const password = randomBytes(24).toString("base64url");
  const containers = await Promise.all([startPostgres(password), startRedis(password)]);
  const [postgres, redis] = containers;
  const address = { host: "127.0.0.1", user: "landfall_owner", password, database: "landfall" };
  project.provide("postgres", { ...address, port: await hostPort(postgres, 5432) });
  project.provide("testRun", process.pid);
  project.provide("redisUrl", `redis://:${password}@127.0.0.1:${String(await hostPort(redis, 6379))}`);
  return async () => {
    await removeContainers((run) => run === process.pid);
  };
}

async function startPostgres(password: string): Promise<Container> {
  const container = await startService({
    image: await buildImage("postgres"),
    port: 5432,
    user: 999,
    data: "/var/lib/postgresql",
    environment: {
      POSTGRES_DATABASE: "landfall",
      POSTGRES_OWNER: "landfall_owner",
      POSTGRES_OWNER_PASSWORD_FILE: "/run/secrets/owner",
      POSTGRES_APP: "landfall_app",
      POSTGRES_APP_PASSWORD_FILE: "/run/secrets/app",
    },
    secrets: { owner: password, app: password },
    // Data that is thrown away needs no protection against a power cut.
    command: ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=200", "-c", "autovacuum=off"],
  });
  await untilReady("Postgres", container, ["pg_isready", "-q", "-h", "127.0.0.1"]);
  // Each test makes a database of its own.
  await untilReady("Postgres", container, [
    "psql",
    "-h",
    "/run/postgresql",
    "-c",
    "ALTER ROLE landfall_owner CREATEDB",
  ]);
  return container;
}

async function startRedis(password: string): Promise<Container> {
  const container = await startService({
    image: await buildImage("redis"),
    port: 6379,
    user: 997,
    data: "/var/lib/redis",
    secrets: { "redis.conf": `bind 0.0.0.0\nport 6379\nrequirepass ${password}\ndir /var/lib/redis\nsave ""\n` },
  });
  await untilReady("Redis", container, ["/usr/local/bin/health.sh"]);
  return container;
}

async function startService(service: Service): Promise<Container> {
  const docker = openEngine();
  const port = `${String(service.port)}/tcp`;
  const container = await docker.createContainer({
    Image: service.image,
    Labels: { [label]: String(process.pid) },
    Env: Object.entries(service.environment ?? {}).map(([name, value]) => `${name}=${value}`),
    ...(service.command === undefined ? {} : { Cmd: service.command }),
    ExposedPorts: { [port]: {} },
    HostConfig: {
      PortBindings: { [port]: [{ HostIp: "127.0.0.1", HostPort: "" }] },
      Tmpfs: { [service.data]: `uid=${String(service.user)},gid=${String(service.user)},mode=0700` },
    },
  });
  const files: Record<string, ArchiveFile> = {};
  for (const [name, content] of Object.entries(service.secrets)) {
    files[name] = { content, mode: 0o400, owner: service.user };
  }
  await putFiles(docker, { container: container.id, folder: "/run/secrets" }, files);
  await container.start();
  return container;
}

async function hostPort(container: Container, port: number): Promise<PostgresAddress["port"]> {
  const { NetworkSettings } = await container.inspect();
  const bound = NetworkSettings.Ports[`${String(port)}/tcp`]?.[0]?.HostPort;
  if (bound === undefined) throw new Error(`The container ${container.id} publishes no port for ${String(port)}.`);
  return Number(bound);
}

/** Containers and networks of test runs that were killed. */
async function removeLeftovers(): Promise<void> {
  await removeContainers((run) => !isAlive(run));
  const docker = openEngine();
  for (const { Id, Labels } of await docker.listNetworks({ filters: { label: [label] } })) {
    if (!isAlive(Number(Labels?.[label]))) await docker.getNetwork(Id).remove();
  }
}

async function removeContainers(wanted: (run: number) => boolean): Promise<void> {
  const docker = openEngine();
  for (const { Id, Labels } of await docker.listContainers({ all: true, filters: { label: [label] } })) {
    if (wanted(Number(Labels[label]))) await docker.getContainer(Id).remove({ force: true, v: true });
  }
}
