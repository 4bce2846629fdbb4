import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { Agent } from "node:http";
import { Duplex } from "node:stream";

/** A command whose standard input and output are a connection to a server. */
export interface ConnectionCommand {
  readonly program: string;
  readonly args: readonly string[];
}

/** An agent for HTTP whose connections are a command's input and output: `ssh HOST docker system dial-stdio`. */
export class CommandAgent extends Agent {
  readonly #command: ConnectionCommand;

  constructor(command: ConnectionCommand) {
    super({ keepAlive: false });
    this.#command = command;
  }

  override createConnection(): Duplex {
    return new CommandConnection(this.#command);
  }
}

/** Both ends of a command as one stream. A command that fails ends it with what the command wrote to standard error. */
class CommandConnection extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams;
  #complaint = "";

  constructor({ program, args }: ConnectionCommand) {
    super({ allowHalfOpen: true });
    this.#child = spawn(program, [...args]);
    const { stdin, stdout, stderr } = this.#child;
    stdout.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) stdout.pause();
    });
    stderr.setEncoding("utf8").on("data", (text: string) => (this.#complaint += text));
    // The reason follows with the end of the command.
    stdin.on("error", () => undefined);
    this.#child.on("error", (error) => this.destroy(error));
    this.#child.on("close", (code) => {
      if (code === 0) this.push(null);
      else this.destroy(new Error(this.#complaint.trim() || `${program} ended with ${String(code)}`));
    });
  }

  // HTTP asks these of a socket; a command has no use for them.
  setKeepAlive(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setTimeout(): this {
    return this;
  }
  ref(): this {
    this.#child.ref();
    return this;
  }
  unref(): this {
    this.#child.unref();
    return this;
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#child.stdin.write(chunk)) done();
    else this.#child.stdin.once("drain", done);
  }

  override _final(done: () => void): void {
    this.#child.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#child.kill();
    done(error);
  }
}
