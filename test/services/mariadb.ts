import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Container } from "dockerode";
import mysql from "mysql2/promise";
import { inject } from "vitest";
import { projectRoot } from "../../images/files.ts";
import { putFiles } from "../../infra/engine/archive.ts";
import { openEngine } from "../../tools/engine.ts";
import { label } from "./estate.ts";
import { buildImage } from "./images.ts";
import { untilReady } from "./ready.ts";

/** Where a MariaDB database is, and how to open it. */
export interface MariaDBAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** A MariaDB database of one's own. */
export interface TestMariaDB extends MariaDBAddress {
  /** Runs statements, one after the other. */
  run(sql: string): Promise<void>;
  drop(): Promise<void>;
}

declare module "vitest" {
  export interface ProvidedContext {
    /** Number of the process of the test run, which its containers are marked with. */
    testRun: number;
  }
}

const user = 995;
const owner = "landfall_owner";
let server: Promise<MariaDBAddress> | undefined;

/**
 * Makes a fresh, empty utf8mb4 database. Its user may do everything on the server. The server is started by the first
 * test of a run that asks for it, and removed after the run.
 */
export async function createMariaDB(): Promise<TestMariaDB> {
  server ??= findServer();
  const address = { ...(await server), database: `test_${randomBytes(6).toString("hex")}` };
  await execute(await server, `CREATE DATABASE ${address.database} CHARACTER SET utf8mb4`);
  return {
    ...address,
    run: (sql) => execute(address, sql),
    drop: () => execute(address, `DROP DATABASE ${address.database}`),
  };
}

/** Makes a database with the sample of Unpuzzle's data. */
export async function loadUnpuzzle(): Promise<TestMariaDB> {
  const database = await createMariaDB();
  const dump = readFileSync(join(projectRoot, "samples/legacy/unpuzzle/dump.sql.gz"));
  await database.run(gunzipSync(dump).toString("utf8"));
  return database;
}

async function findServer(): Promise<MariaDBAddress> {
  const password = inject("postgres").password;
  const container = await startServer(`landfall-test-mariadb-${String(inject("testRun"))}`, password);
  await untilReady("MariaDB", container, ["/usr/local/bin/health.sh"]);
  const grant = `GRANT ALL ON *.* TO ${owner}@'%' WITH GRANT OPTION`;
  await untilReady("MariaDB", container, ["mariadb", "--no-defaults", "--user=mysql", `--execute=${grant}`]);
  const { NetworkSettings } = await container.inspect();
  const port = NetworkSettings.Ports["3306/tcp"]?.[0]?.HostPort;
  if (port === undefined) throw new Error("The MariaDB of the tests publishes no port.");
  return { host: "127.0.0.1", port: Number(port), user: owner, password, database: "landfall" };
}

/** The run's container, whoever of its processes comes first. */
async function startServer(name: string, password: string): Promise<Container> {
  const docker = openEngine();
  const image = await buildImage("mariadb");
  let container: Container;
  try {
    container = await docker.createContainer({
      name,
      Image: image,
      Labels: { [label]: String(inject("testRun")) },
      Env: ["MARIADB_DATABASE=landfall", `MARIADB_OWNER=${owner}`, "MARIADB_OWNER_PASSWORD_FILE=/run/secrets/owner"],
      // Data that is thrown away needs no protection against a power cut.
      Cmd: ["--innodb-flush-log-at-trx-commit=0", "--skip-innodb-doublewrite", "--max-connections=200"],
      ExposedPorts: { "3306/tcp": {} },
      HostConfig: {
        PortBindings: { "3306/tcp": [{ HostIp: "127.0.0.1", HostPort: "" }] },
        Tmpfs: { "/var/lib/mysql": `uid=${String(user)},gid=${String(user)},mode=0700` },
      },
    });
  } catch (error) {
    if (!(error instanceof Error) || !("statusCode" in error) || error.statusCode !== 409) throw error;
    return started(docker.getContainer(name));
  }
  const secret = { content: password, mode: 0o400, owner: user };
  await putFiles(docker, { container: container.id, folder: "/run/secrets" }, { owner: secret });
  await container.start();
  return container;
}

/** A container that another process has made, as soon as it has started it as well. */
async function started(container: Container): Promise<Container> {
  const deadline = performance.now() + 60_000;
  while ((await container.inspect()).State.Status === "created") {
    if (performance.now() > deadline) throw new Error("Nobody starts the MariaDB of the tests.");
    await pause(100);
  }
  return container;
}

async function execute(address: MariaDBAddress, sql: string): Promise<void> {
  const connection = await mysql.createConnection({ ...address, charset: "utf8mb4", multipleStatements: true });
  try {
    await connection.query(sql);
  } finally {
    await connection.end();
  }
}
