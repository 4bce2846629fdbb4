import { scriptPath } from "../cloud-init/part.ts";
import type { SshConnection } from "../ssh/connection.ts";
import type { RemoteResult } from "../ssh/run.ts";
import { lastLine, type ServerContact } from "./server-contact.ts";
import { deviations, readInspection, type Deviation } from "./server-hardening.ts";

const commandSeconds = 60;

/**
 * Compares how the server says that it is set up with what was asked for.
 *
 * @param waitSeconds how long its data volume may take to be mounted; 0 when it need not have one
 */
export async function inspect(
  contact: ServerContact,
  connection: SshConnection,
  waitSeconds: number,
): Promise<Deviation[]> {
  if (waitSeconds > 0) {
    const command = `sudo -n ${scriptPath("landfall-data")} wait ${String(waitSeconds)}`;
    const waited = await contact.run(connection, { command, seconds: waitSeconds + commandSeconds });
    if (waited.exitCode !== 0) {
      return [{ what: "data volume", found: lastLine(waited.stderr), wanted: "mounted" }];
    }
  }
  const command = `sudo -n ${scriptPath("landfall-inspect")}`;
  const { exitCode, stdout, stderr } = await contact.run(connection, { command, seconds: commandSeconds });
  if (exitCode !== 0)
    return [{ what: "landfall-inspect", found: lastLine(stderr), wanted: "a description of the server" }];
  return deviations(readInspection(stdout), { dataVolume: waitSeconds > 0 });
}

/** Tries the ways in that must be shut, from outside. */
export async function attemptWaysIn(contact: ServerContact, connection: SshConnection): Promise<Deviation[]> {
  const asRoot = await contact.attempt(connection, "root");
  const byPassword = await contact.attempt(connection, "password");
  return [...judgeWayIn("ssh as root", asRoot), ...judgeWayIn("ssh without a key", byPassword)];
}

/** ssh names what it could go on with: `deploy@198.51.100.64: Permission denied (publickey).` */
function judgeWayIn(what: string, { exitCode, stderr }: RemoteResult): Deviation[] {
  const wanted = "Permission denied (publickey)";
  if (exitCode !== 0 && stderr.includes(`${wanted}.`)) return [];
  return [{ what, found: exitCode === 0 ? "let in" : lastLine(stderr), wanted }];
}
