import type { SshConnection } from "../ssh/connection.ts";
import { lastLine, type ServerContact } from "./server-contact.ts";
import { tellingLines } from "./server-log.ts";
import { cloudInitVerdict } from "./server-verdict.ts";
import type { Clock, Look } from "./watch.ts";

/** What a gate needs besides its inputs. */
export interface ServerGateMeans {
  readonly contact: ServerContact;
  readonly clock: Clock;
}

/** So long may a key be refused after sshd answers: it begins to answer after cloud-init has made the user. */
const refusedSeconds = 30;
const commandSeconds = 60;
const progressSeconds = 10;
/** A usual time from the first start to the end of cloud-init, for the progress that is told. */
const usualSeconds = 90;

/**
 * cloud-init's verdict, at its end or after ten seconds. It takes half a second of a processor to say it, which a server
 * that is being made has better use for.
 */
const statusCommand =
  "for second in 1 2 3 4 5 6 7 8 9 10; do [ -e /run/cloud-init/result.json ] && break; sleep 1; done; " +
  "cloud-init status --format json";

/** Watches a server being made, over ssh. */
export interface ServerWatch {
  look(): Promise<Look>;
  /** What cloud-init said at its end, in words. */
  summary(): string;
  /** Why the server is not made, from cloud-init's logs; empty when nobody could log in to read them. */
  evidence(): Promise<string[]>;
}

/**
 * Looks at cloud-init's verdict over ssh, and tells how far it is.
 *
 * @param seconds how long the gate has been waiting
 */
export function watchServer(
  connection: SshConnection,
  { contact, clock }: ServerGateMeans,
  seconds: () => number,
): ServerWatch {
  let refusedSince: number | undefined;
  let loggedIn = false;
  let summary = "";
  let failedModules: readonly string[] = [];
  let told = { stage: "", at: Number.NEGATIVE_INFINITY };

  const notLoggedIn = (stderr: string): Look => {
    refusedSince = stderr.includes("Permission denied") ? (refusedSince ?? clock.now()) : undefined;
    const refused = refusedSince !== undefined && clock.now() - refusedSince >= refusedSeconds * 1000;
    const reason = refused ? whyRefused(connection) : `ssh: ${lastLine(stderr)}`;
    return { verdict: { passed: false, reason }, ...(refused ? { hopeless: reason } : {}) };
  };
  const tell = (stage: string): void => {
    if (stage === told.stage && seconds() - told.at < progressSeconds) return;
    told = { stage, at: seconds() };
    const usual = seconds() < usualSeconds ? ` of about ${String(usualSeconds)} s` : "";
    console.log(`${connection.host}: cloud-init is at ${stage}, after ${seconds().toFixed(0)} s${usual}`);
  };
  const look = async (): Promise<Look> => {
    const result = await contact.run(connection, { command: statusCommand, seconds: commandSeconds });
    if (result.exitCode === 255) return notLoggedIn(result.stderr);
    loggedIn = true;
    const verdict = cloudInitVerdict(result.stdout);
    switch (verdict?.kind) {
      case undefined:
        return { verdict: { passed: false, reason: `cloud-init says nothing yet: ${lastLine(result.stderr)}` } };
      case "done":
        summary = `done in ${String(verdict.seconds)} s`;
        return { verdict: { passed: true } };
      case "failed": {
        failedModules = verdict.modules;
        const where = failedModules.length === 0 ? "" : ` in ${failedModules.join(", ")}`;
        const reason = `cloud-init failed${where}: ${verdict.errors.join("; ")}`;
        return { verdict: { passed: false, reason }, hopeless: reason };
      }
      case "running":
        tell(verdict.stage);
        return { verdict: { passed: false, reason: `cloud-init is still at ${verdict.stage}` } };
    }
  };
  const evidence = async (): Promise<string[]> => (loggedIn ? logLines(contact, connection, failedModules) : []);
  return { look, evidence, summary: () => summary };
}

/** The errors of cloud-init's logs, as evidence. */
async function logLines(
  contact: ServerContact,
  connection: SshConnection,
  modules: readonly string[],
): Promise<string[]> {
  const read = async (command: string): Promise<string> =>
    contact.run(connection, { command, seconds: commandSeconds }).then(
      ({ stdout }) => stdout,
      () => "",
    );
  const output = await read("tail -n 200 /var/log/cloud-init-output.log");
  const log = await read("grep -E '\\[(WARNING|ERROR|CRITICAL)\\]' /var/log/cloud-init.log | tail -n 10");
  const lines = tellingLines(output, log, modules);
  return lines.length === 0 ? ["log:   empty"] : ["log:", ...lines.map((line) => `  ${line}`)];
}

function whyRefused({ user, identity, host }: SshConnection): string {
  return (
    `sshd at ${host} refuses the key in the file "${identity}" for the user "${user}". Either the server was made with ` +
    "another key, or cloud-init failed before it made the user: Linode's console (Lish) shows its log"
  );
}
