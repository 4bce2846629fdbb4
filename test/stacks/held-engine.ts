import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * The Docker engine behind a socket of its own, which keeps requests back: an engine that takes its time. What it was
 * asked it does in the end, whether or not anybody waits for it any more.
 */
export class HeldEngine {
  private readonly folder = mkdtempSync(join(tmpdir(), "landfall-engine-"));
  private readonly server: Server;
  private kept: RegExp | undefined;
  /** What is kept back, in the order in which it came: each lets the engine have it and waits for the answer. */
  readonly requests: (() => Promise<void>)[] = [];

  /** @param socket where the engine itself listens */
  constructor(socket = "/var/run/docker.sock") {
    this.server = createServer({ allowHalfOpen: true }, (client) => {
      client.on("error", () => undefined);
      const connected = (): Socket => {
        const engine = connect({ path: socket, allowHalfOpen: true });
        engine.on("data", (bytes: Buffer) => client.write(bytes));
        return engine.on("error", () => client.destroy()).on("end", () => client.end());
      };
      let engine = connected();
      let held: Buffer[] | undefined;
      client.on("end", () => engine.end());
      client.on("data", (bytes: Buffer) => {
        // A request begins with a packet of its own: nobody sends a second before the first is answered.
        if (held === undefined && this.kept?.test(bytes.toString("latin1").split("\r\n", 1).join()) !== true) {
          engine.write(bytes);
          return;
        }
        if (held !== undefined) {
          held.push(bytes);
          return;
        }
        const request = (held = [bytes]);
        this.requests.push(async () => {
          // The engine has closed the first one by now, when its client is gone.
          engine = connected();
          engine.write(Buffer.concat(request));
          held = undefined;
          await once(engine, "data");
        });
      });
    });
  }

  /** As settings and DOCKER_HOST have it. */
  get address(): string {
    return `unix://${join(this.folder, "docker.sock")}`;
  }

  async start(): Promise<void> {
    this.server.listen(join(this.folder, "docker.sock"));
    await once(this.server, "listening");
  }

  /** Keeps back from now on what begins with such a line, for example `POST /v1.41/containers/create?name=…`. */
  hold(requestLine: RegExp | undefined): void {
    this.kept = requestLine;
  }

  /** Lets the engine have the first of what is kept back, although who asked may be gone, and waits for its answer. */
  async release(): Promise<void> {
    const request = this.requests.shift();
    if (request === undefined) throw new Error("Nothing is kept back.");
    await request();
  }

  close(): void {
    this.server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
