import { putFiles } from "../../infra/engine/archive.ts";
import { isNotFound } from "../../infra/engine/engine.ts";
import { execute } from "../../infra/engine/execute.ts";
import { openEngine } from "../../tools/engine.ts";
import { labelsOf, nameOf, type Cloud } from "../cloud/cloud.ts";
import { createContainer, inspectContainer, removeContainer } from "../cloud/container.ts";
import { switchOff, switchOn } from "../cloud/endpoints.ts";
import { imageOf } from "../cloud/images.ts";
import { awaitState } from "../cloud/wait.ts";
import type { DatabaseRecord } from "./record.ts";
import { renderSettings } from "./settings.ts";

/** The user of Postgres in its image. */
const owner = 999;

function nounOf({ id }: Pick<DatabaseRecord, "id">): string {
  return `database-${String(id)}`;
}

/** Makes what is behind a managed database and waits until it answers. Its data, where there is some, is taken up. */
export async function makeDatabase(cloud: Cloud, database: DatabaseRecord): Promise<void> {
  const engine = openEngine();
  const volume = nameOf(cloud, nounOf(database));
  await engine.createVolume({ Name: volume, Labels: labelsOf(cloud) });
  await removeContainer(cloud, nounOf(database));
  const container = await createContainer(cloud, {
    noun: nounOf(database),
    image: imageOf(cloud, "database"),
    address: database.address,
    hostname: database.label,
    command: [String(database.port)],
    mounts: [`${volume}:/var/lib/postgresql`],
    settings: {
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
      ShmSize: 256 * 2 ** 20,
      Init: true,
      RestartPolicy: { Name: "on-failure", MaximumRetryCount: 5 },
    },
  });
  await putFiles(
    engine,
    { container: container.id, folder: "/run/managed" },
    {
      "server.crt": { content: database.pair.certificate, mode: 0o444, owner },
      "server.key": { content: database.pair.privateKey, mode: 0o400, owner },
      password: { content: database.rootPassword, mode: 0o400, owner },
    },
  );
  await putSettings(cloud, database);
  if (!database.suspended) await startDatabase(cloud, database);
}

/**
 * Brings what is behind a managed database in line with its settings. It is started anew where Postgres asks for it.
 */
export async function applyDatabase(cloud: Cloud, database: DatabaseRecord): Promise<void> {
  const container = openEngine().getContainer(nameOf(cloud, nounOf(database)));
  await putSettings(cloud, database);
  if (database.suspended) {
    if (await isRunning(cloud, database)) await switchOff(cloud, container);
    return;
  }
  if (!(await isRunning(cloud, database))) {
    await startDatabase(cloud, database);
    return;
  }
  await ask(cloud, database, "SELECT pg_reload_conf()");
  const waiting = await ask(cloud, database, "SELECT name FROM pg_settings WHERE pending_restart");
  if (waiting.trim() === "") return;
  await switchOff(cloud, container);
  await switchOn(cloud, container);
  await awaitDatabase(cloud, database);
}

/** Whether a managed database runs. */
export async function isRunning(cloud: Cloud, database: Pick<DatabaseRecord, "id">): Promise<boolean> {
  return (await inspectContainer(cloud, nounOf(database)))?.State.Running === true;
}

/** Removes what is behind a managed database, its data too. One that is gone is a success. */
export async function removeDatabase(cloud: Cloud, database: Pick<DatabaseRecord, "id">): Promise<void> {
  await removeContainer(cloud, nounOf(database));
  try {
    await openEngine()
      .getVolume(nameOf(cloud, nounOf(database)))
      .remove();
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

async function putSettings(cloud: Cloud, database: DatabaseRecord): Promise<void> {
  const target = { container: nameOf(cloud, nounOf(database)), folder: "/run/managed" };
  const content = renderSettings(database);
  await putFiles(openEngine(), target, { "settings.conf": { content, mode: 0o444, owner } });
}

async function startDatabase(cloud: Cloud, database: DatabaseRecord): Promise<void> {
  await switchOn(cloud, openEngine().getContainer(nameOf(cloud, nounOf(database))));
  await awaitDatabase(cloud, database);
}

async function awaitDatabase(cloud: Cloud, database: DatabaseRecord): Promise<void> {
  const port = String(database.port);
  const works = (): Promise<unknown> => run(cloud, database, ["pg_isready", "-q", "-h", "127.0.0.1", "-p", port]);
  await awaitState(cloud, {
    noun: nounOf(database),
    what: `the managed database "${database.label}"`,
    seconds: 90,
    works,
  });
}

function ask(cloud: Cloud, database: DatabaseRecord, statement: string): Promise<string> {
  const socket = ["--host=/run/postgresql", `--port=${String(database.port)}`, "--dbname=postgres"];
  return run(cloud, database, [
    "psql",
    "--no-psqlrc",
    "--tuples-only",
    "--no-align",
    ...socket,
    `--command=${statement}`,
  ]);
}

async function run(cloud: Cloud, database: DatabaseRecord, command: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await execute(openEngine(), {
    container: nameOf(cloud, nounOf(database)),
    command: [...command],
    signal: AbortSignal.timeout(30_000),
  });
  if (exitCode === 0) return stdout;
  throw new Error(`Managed database "${database.label}": ${stderr.trim() || `${command[0] ?? ""} failed`}`);
}
