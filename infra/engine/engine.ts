import Docker from "dockerode";

/**
 * A client of a Docker engine.
 *
 * @param host `unix:///var/run/docker.sock`, `tcp://127.0.0.1:2375` or `ssh://user@host:22`, as DOCKER_HOST has it
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
      return new Docker({
        protocol: "ssh",
        host: url.hostname,
        port: url.port || "22",
        username: url.username,
        ...limit,
      });
    default:
      throw new Error(`The Docker engine's address is "${host}"; it must start with unix://, tcp:// or ssh://.`);
  }
}

/** Whether an error of the engine means that the thing asked for does not exist. */
export function isNotFound(error: unknown): boolean {
  return typeof error === "object" && error !== null && "statusCode" in error && error.statusCode === 404;
}
