import { execFile } from "node:child_process";
import { sshOptions, type SshConnection } from "../ssh/connection.ts";
import { runOverSsh, type RemoteCommand, type RemoteResult } from "../ssh/run.ts";

/** A way in that must be shut: ssh as root, or by anything but a key. */
export type WayIn = "root" | "password";

/** What a gate does over the network; a test brings its own. */
export interface ServerContact {
  /** The ed25519 host key that answers, as known_hosts has it; undefined while nothing answers. */
  scanHostKey(address: string, port: number): Promise<string | undefined>;
  /** Makes the next command open a connection of its own, at which the host key is looked at. */
  leaveSharedConnection(connection: SshConnection): Promise<void>;
  run(connection: SshConnection, command: RemoteCommand): Promise<RemoteResult>;
  /** Tries a way in over a connection of its own, and says how that ended. */
  attempt(connection: SshConnection, wayIn: WayIn): Promise<RemoteResult>;
}

const scanSeconds = 5;
const attemptSeconds = 20;

export const systemContact: ServerContact = {
  async scanHostKey(address, port) {
    const options = ["-t", "ed25519", "-T", String(scanSeconds), "-p", String(port), "--", address];
    const { stdout } = await execute("ssh-keyscan", options, scanSeconds * 2);
    return /^\S+ (ssh-ed25519 \S+)$/m.exec(stdout)?.[1];
  },
  async leaveSharedConnection(connection) {
    await execute("ssh", [...sshOptions(connection), "-O", "stop", "--", connection.host], attemptSeconds);
  },
  run: runOverSsh,
  attempt(connection, wayIn) {
    const alone = ["-o", "ControlMaster=no", "-o", "ControlPath=none"];
    const options =
      wayIn === "root"
        ? [...alone, ...sshOptions({ ...connection, user: "root" })]
        : [...alone, "-o", "PubkeyAuthentication=no", ...sshOptions(connection)];
    return execute("ssh", [...options, "--", connection.host, "true"], attemptSeconds);
  },
};

/** Runs a program here. How it ended is the result, whatever that was. */
function execute(program: string, options: readonly string[], seconds: number): Promise<RemoteResult> {
  return new Promise((resolve) => {
    execFile(program, options, { timeout: seconds * 1000 }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === "number" ? error.code : 255;
      resolve({ exitCode, stdout, stderr: stderr === "" && error !== null ? error.message : stderr });
    });
  });
}

/** The last line of what a command printed: ssh's own words stand there. */
export function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}
