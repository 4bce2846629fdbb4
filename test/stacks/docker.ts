import type { ContainerInspectInfo } from "dockerode";
import { execute } from "../../infra/engine/execute.ts";
import { openEngine } from "../../infra/engine/engine.ts";
import { demultiplex } from "../../infra/engine/logs.ts";

/** The engine that the tests' stacks run on. */
export const engine = openEngine(process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock");

/** The containers of a stack, whole, by the name that the program gives them, for example `postgres`. */
export async function containersOf(stack: string): Promise<Map<string, ContainerInspectInfo>> {
  const list = await engine.listContainers({ all: true, filters: { label: [`landfall.stack=${stack}`] } });
  const details = await Promise.all(list.map(({ Id }) => engine.getContainer(Id).inspect()));
  return new Map(details.map((container) => [container.Name.replace(`/landfall-${stack}-`, ""), container]));
}

/** A container of a stack. */
export async function containerOf(stack: string, noun: string): Promise<ContainerInspectInfo> {
  const container = (await containersOf(stack)).get(noun);
  if (container === undefined) throw new Error(`The stack ${stack} has no container '${noun}'.`);
  return container;
}

/** Names of all containers, volumes and networks whose name begins with the stack's prefix. */
export async function remainsOf(stack: string): Promise<string[]> {
  const prefix = `landfall-${stack}-`;
  const containers = await engine.listContainers({ all: true });
  const { Volumes } = await engine.listVolumes();
  const networks = await engine.listNetworks();
  return [
    ...containers.flatMap(({ Names }) => Names.map((name) => name.replace(/^\//, ""))),
    ...Volumes.map(({ Name }) => Name),
    ...networks.map(({ Name }) => Name),
  ].filter((name) => name.startsWith(prefix));
}

/** What a query of one JSON value answers in the sample of LearnMore's own server. */
export async function askLegacy(container: string, sql: string): Promise<unknown> {
  const command = ["psql", "-h", "/run/postgresql", "-U", "postgres", "-d", "learnmore", "-Atc", sql];
  const { exitCode, stdout, stderr } = await execute(engine, {
    container,
    command,
    signal: AbortSignal.timeout(10_000),
  });
  if (exitCode !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** All that a container has logged. */
export async function logOf(id: string): Promise<string> {
  return demultiplex(await engine.getContainer(id).logs({ stdout: true, stderr: true, follow: false }));
}

/** Which of these texts stand anywhere in an image's files, metadata included. */
export async function textsInImage(id: string, texts: readonly string[]): Promise<string[]> {
  const wanted = texts.map((text) => ({ text, bytes: Buffer.from(text) }));
  const overlap = Math.max(...wanted.map(({ bytes }) => bytes.length));
  const found = new Set<string>();
  let tail = Buffer.alloc(0);
  for await (const chunk of await engine.getImage(id).get()) {
    const window = Buffer.concat([tail, Buffer.from(chunk)]);
    for (const { text, bytes } of wanted) if (window.includes(bytes)) found.add(text);
    tail = window.subarray(-overlap);
  }
  return [...found];
}
