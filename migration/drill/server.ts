import { randomBytes } from "node:crypto";
import { createServer, type AddressInfo } from "node:net";
import type { Container } from "dockerode";
import type { ImageName } from "../../images/catalogue.ts";
import { putFiles } from "../../infra/engine/archive.ts";
import { label } from "../../test/services/estate.ts";
import { buildImage } from "../../test/services/images.ts";
import { until } from "../../test/stacks/until.ts";
import { openEngine } from "../../tools/engine.ts";

/** A database server that a drill may kill at any moment. */
export interface ServerWish {
  readonly image: ImageName;
  /** The port that it listens on inside its container. */
  readonly port: number;
  /** User id that the image runs as. */
  readonly user: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Content of /run/secrets/owner. */
  readonly password: string;
  readonly command: readonly string[];
  /** Resolves when a client on that port of the loopback interface is served, and throws otherwise. */
  readonly asks: (port: number) => Promise<void>;
}

/** Seconds that a server may take until it answers: it may have to be initialised, or to recover, on a busy machine. */
const patience = 180;

/** A server in a container of its own, whose port stays the same however often it is killed. */
export class DrillServer {
  readonly port: number;
  readonly #container: Container;
  readonly #asks: (port: number) => Promise<void>;

  private constructor(container: Container, port: number, asks: (port: number) => Promise<void>) {
    this.#container = container;
    this.port = port;
    this.#asks = asks;
  }

  /** Makes the container and starts it; it answers once `revived` has resolved. */
  static async open(wish: ServerWish): Promise<DrillServer> {
    const docker = openEngine();
    const port = await freePort();
    const inside = `${wish.port.toString()}/tcp`;
    const container = await docker.createContainer({
      name: `landfall-kill-drill-${randomBytes(4).toString("hex")}`,
      Image: await buildImage(wish.image),
      // A test run clears away what runs that were killed have left, and knows it by this.
      Labels: { [label]: String(process.pid) },
      Env: Object.entries(wish.environment).map(([name, value]) => `${name}=${value}`),
      Cmd: [...wish.command],
      ExposedPorts: { [inside]: {} },
      HostConfig: { PortBindings: { [inside]: [{ HostIp: "127.0.0.1", HostPort: String(port) }] } },
    });
    const server = new DrillServer(container, port, wish.asks);
    try {
      const owner = { content: wish.password, mode: 0o400, owner: wish.user };
      await putFiles(docker, { container: container.id, folder: "/run/secrets" }, { owner });
      await container.start();
    } catch (error) {
      await server.remove();
      throw error;
    }
    return server;
  }

  /** Ends every process of the server at once, without a word to any of them. */
  async kill(): Promise<void> {
    await this.#container.kill({ signal: "SIGKILL" });
    await this.#container.wait();
  }

  /** Starts it where it does not run, and resolves when it answers. */
  async revived(): Promise<void> {
    const { State } = await this.#container.inspect();
    if (!State.Running) await this.#container.start();
    await until(
      `An answer on port ${this.port.toString()}`,
      async () => {
        await this.#asks(this.port);
        return true;
      },
      patience,
    );
  }

  /** Runs a command inside, until it succeeds. */
  async execute(command: readonly string[]): Promise<void> {
    await until(`The end of ${command[0] ?? ""}`, async () => {
      const run = await this.#container.exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true });
      for await (const _ of await run.start({})) continue;
      return (await run.inspect()).ExitCode === 0;
    });
  }

  async remove(): Promise<void> {
    await this.#container.remove({ force: true, v: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
