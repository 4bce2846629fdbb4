import Docker from "dockerode";
import type { Agent } from "node:http";
import { parseEngineAddress, sshOptions } from "../ssh/connection.ts";
import { CommandAgent } from "./command-agent.ts";

/**
 * A client of a Docker engine.
 *
 * @param host `unix:///var/run/docker.sock`, `tcp://127.0.0.1:2375`, as DOCKER_HOST has it, or an address of
 *   `engineAddress`
 * @param timeout milliseconds that an answer may take; none when left out
 * @throws when the address has another form
 */
export function openEngine(host: string, timeout?: number): Docker {
  const limit = timeout === undefined ? {} : { timeout };
  const url = URL.canParse(host) ? new URL(host) : undefined;
  switch (url?.protocol) {
    case "unix:":
      return new Docker({ socketPath: url.pathname, ...limit });
    case "tcp:":
      return new Docker({ protocol: "http", host: url.hostname, port: url.port || "2375", ...limit });
    case "ssh:":
      return new Docker(overSsh(host, limit));
    default:
      throw new Error(`The Docker engine's address is "${host}"; it must start with unix://, tcp:// or ssh://.`);
  }
}

/** Docker's own way over ssh: the client on the server hands its engine's socket through. */
function overSsh(address: string, limit: { timeout?: number }): Docker.DockerOptions & { agent: Agent } {
  const connection = parseEngineAddress(address);
  const args = [...sshOptions(connection), "--", connection.host, "docker", "system", "dial-stdio"];
  const agent = new CommandAgent({ program: "ssh", args });
  return { protocol: "http", host: "docker", port: 80, agent, ...limit };
}

/** Whether an error of the engine means that the thing asked for does not exist. */
export function isNotFound(error: unknown): boolean {
  return typeof error === "object" && error !== null && "statusCode" in error && error.statusCode === 404;
}
