import Docker from "dockerode";

/**
 * A client of a Docker engine.
 *
 * @param host `unix:///var/run/docker.sock`, `tcp://127.0.0.1:2375` or `ssh://user@host:22`, as DOCKER_HOST has it
 * @throws when the address has another form
 */
export function openEngine(host: string): Docker {
  const url = new URL(host);
  switch (url.protocol) {
    case "unix:":
      return new Docker({ socketPath: url.pathname });
    case "tcp:":
      return new Docker({ protocol: "http", host: url.hostname, port: url.port || "2375" });
    case "ssh:":
      return new Docker({ protocol: "ssh", host: url.hostname, port: url.port || "22", username: url.username });
    default:
      throw new Error(`The Docker engine's address '${host}' must start with unix://, tcp:// or ssh://.`);
  }
}

/** Whether an error of the engine means that the thing asked for does not exist. */
export function isNotFound(error: unknown): boolean {
  return typeof error === "object" && error !== null && "statusCode" in error && error.statusCode === 404;
}
