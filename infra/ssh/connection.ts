/** How a server is reached over ssh. */
export interface SshConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Name of the private key's file in the folder that LANDFALL_SSH_FOLDER names. */
  readonly identity: string;
  /** The one host key that is taken, as known_hosts has it: `ssh-ed25519 AAAA…`. */
  readonly hostKey: string;
}

/** Name of the environment variable for the folder with the private keys: ssh itself puts its value in. */
export const folderVariable = "LANDFALL_SSH_FOLDER";
/** Name of the environment variable for the folder with the sockets of connections that are shared. */
export const socketsVariable = "LANDFALL_SSH_SOCKETS";

/**
 * The address of a Docker engine behind ssh, with all that is needed to reach it and to know it again:
 * `ssh://deploy@198.51.100.7:22?identity=staging&hostKey=ssh-ed25519+AAAA…`. It holds no secret.
 */
export function engineAddress({ host, port, user, identity, hostKey }: SshConnection): string {
  const bracketed = host.includes(":") ? `[${host}]` : host;
  const query = new URLSearchParams({ identity, hostKey });
  return `ssh://${user}@${bracketed}:${String(port)}?${query.toString()}`;
}

/** @throws when it is no address that `engineAddress` gives */
export function parseEngineAddress(address: string): SshConnection {
  const url = new URL(address);
  const identity = url.searchParams.get("identity");
  const hostKey = url.searchParams.get("hostKey");
  if (url.protocol !== "ssh:" || identity === null || hostKey === null || url.username === "") {
    throw new Error(
      `"${address}" does not say how its server is reached; expected ssh://USER@HOST:PORT?identity=NAME&hostKey=KEY.`,
    );
  }
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return { host, port: url.port === "" ? 22 : Number(url.port), user: url.username, identity, hostKey };
}

/** The address without what only we understand, as Docker's own clients take it: `ssh://deploy@198.51.100.7:22`. */
export function plainAddress(address: string): string {
  return address.startsWith("ssh://") ? address.replace(/\?.*$/, "") : address;
}

/**
 * Options of ssh(1) for a connection, without the host. Only the pinned key is taken for the server's, no known_hosts
 * file is read or written, and connections to one server share one: a server refuses too many that begin at once.
 *
 * `KnownHostsCommand` and `${…}` in paths: ssh_config(5), OpenSSH 8.5 or later.
 */
export function sshOptions({ port, user, identity, hostKey }: Omit<SshConnection, "host">): string[] {
  const options = {
    BatchMode: "yes",
    User: user,
    Port: String(port),
    IdentitiesOnly: "yes",
    IdentityFile: `\${${folderVariable}}/${identity}`,
    StrictHostKeyChecking: "yes",
    UserKnownHostsFile: "/dev/null",
    GlobalKnownHostsFile: "/dev/null",
    KnownHostsCommand: `/bin/echo %H ${hostKey}`,
    HostKeyAlgorithms: hostKey.split(" ")[0] ?? "",
    LogLevel: "ERROR",
    ConnectTimeout: "10",
    ServerAliveInterval: "5",
    ServerAliveCountMax: "3",
    ControlMaster: "auto",
    ControlPath: `\${${socketsVariable}}/%C`,
    ControlPersist: "60",
  };
  return Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
}
