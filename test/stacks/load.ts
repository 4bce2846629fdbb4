import { Agent, request } from "node:https";
import { setTimeout as pause } from "node:timers/promises";

/** Where requests go, as a browser's would. */
export interface LoadTarget {
  /** IP address, one of this machine's own networks. */
  readonly address: string;
  readonly host: string;
  readonly path: string;
  /** Roots that are trusted, PEM. */
  readonly roots: string;
  /** Clients that ask at the same time, each on a connection that it keeps. */
  readonly clients: number;
  /** Requests that each of them makes in a second at most. */
  readonly perSecond: number;
}

/** A request that was not answered as it should have been. */
export interface FailedRequest {
  /** Milliseconds of this process' clock at which it began. */
  readonly began: number;
  readonly reason: string;
}

/** Clients that ask one request after the other each, until they are told to stop. */
export class Load {
  /** Requests that were answered with 200. */
  answered = 0;
  readonly failed: FailedRequest[] = [];
  private readonly stopping = new AbortController();
  private readonly clients: Promise<void>[];

  constructor(target: LoadTarget) {
    this.clients = Array.from({ length: target.clients }, () => this.client(target));
  }

  /** Lets every client end its request. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.clients);
  }

  private async client(target: LoadTarget): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: target.roots });
    while (!this.stopping.signal.aborted) {
      const began = performance.now();
      const reason = await ask(target, agent);
      if (reason === undefined) this.answered += 1;
      else this.failed.push({ began, reason });
      await pause(Math.max(0, began + 1000 / target.perSecond - performance.now()));
    }
    agent.destroy();
  }
}

/** Asks once. @returns why it was not answered as it should have been, or undefined */
function ask({ address, host, path }: LoadTarget, agent: Agent): Promise<string | undefined> {
  return new Promise((resolve) => {
    const asked = request(
      { host: address, servername: host, headers: { host }, path, agent, timeout: 20_000 },
      (answer) => {
        answer.resume();
        answer.on("end", () => {
          resolve(answer.statusCode === 200 ? undefined : `status ${String(answer.statusCode)}`);
        });
        answer.on("error", (error) => {
          resolve(error.message);
        });
      },
    );
    asked.on("timeout", () => asked.destroy(new Error("no answer within 20 s")));
    asked.on("error", (error) => {
      resolve(error.message);
    });
    asked.end();
  });
}
