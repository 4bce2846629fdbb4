import { existsSync } from "node:fs";
import { join } from "node:path";
import { scriptPath } from "../cloud-init/part.ts";
import { engineAddress, folderVariable, socketsVariable, type SshConnection } from "../ssh/connection.ts";
import { attemptWaysIn, inspect } from "./server-check.ts";
import { systemContact } from "./server-contact.ts";
import { watchServer, type ServerGateMeans } from "./server-made.ts";
import { systemClock, watch, type Look } from "./watch.ts";

/** What a server's gate is fed with. */
export interface ServerGateInputs {
  /** Address at which the server's sshd answers. */
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Name of the private key's file in the folder that LANDFALL_SSH_FOLDER names. */
  readonly identity: string;
  /** Id of the machine: as long as it is the same, so must be the host key. */
  readonly instance: string;
  readonly generation?: number;
  /** A host key that is known already, as known_hosts has it; empty when the first that answers is pinned. */
  readonly hostKey: string;
  /** Label of the volume that must be mounted; empty for none. */
  readonly dataVolume: string;
  readonly deadlineSeconds: number;
  readonly intervalSeconds: number;
  /** What else the verdict holds for: a change asks again. */
  readonly triggers: Readonly<Record<string, string>>;
}

/** What a passed gate leaves in the state. */
export interface ServerGateOutputs extends ServerGateInputs {
  /** The host key that answered. From now on no other does. */
  readonly hostKey: string;
  /** Address of the server's Docker engine, as `engineAddress` makes it. */
  readonly engine: string;
  /** What cloud-init said, in words. */
  readonly cloudInit: string;
}

/**
 * Waits until a server is what its user data says: sshd answers with the one host key, the deploy key is let in,
 * cloud-init is done without an error, all of the hardening is in force, and neither root nor a password gets in.
 *
 * @param before what an earlier pass left; its host key counts while the machine is the same
 * @throws an Error without an id, with the evidence, so that neither the state nor a refresh can take the gate for passed
 */
export async function passServerGate(
  inputs: ServerGateInputs,
  before?: ServerGateOutputs,
  { contact, clock }: ServerGateMeans = { contact: systemContact, clock: systemClock },
): Promise<ServerGateOutputs> {
  checkEnvironment(inputs.identity);
  const start = clock.now();
  const seconds = (): number => (clock.now() - start) / 1000;
  const limits = () => ({ ...inputs, passes: 1, deadlineSeconds: inputs.deadlineSeconds - seconds() });
  const fail = (what: string, evidence: readonly string[], command = "cloud-init status --long"): Error =>
    new Error(
      [
        `The server at ${inputs.address} is not ready: ${what}`,
        `  after: ${seconds().toFixed(1)} s of at most ${String(inputs.deadlineSeconds)} s`,
        ...evidence.map((line) => `  ${line}`),
        `  next:  ssh -i "$${folderVariable}/${inputs.identity}" -p ${String(inputs.port)} ${inputs.user}@${inputs.address} ${command}`,
        "         A server that failed while it was made stays as it is; raise its generation to have it anew.",
      ].join("\n"),
    );

  const pinned = before?.instance === inputs.instance ? before.hostKey : inputs.hostKey;
  let hostKey = "";
  const answered = await watch(
    async () => {
      hostKey = (await contact.scanHostKey(inputs.address, inputs.port)) ?? "";
      return judgeHostKey(hostKey, pinned, inputs);
    },
    limits(),
    clock,
  );
  if (answered.kind === "failed") throw fail(answered.reason, [], "");

  const { address: host, port, user, identity } = inputs;
  const connection: SshConnection = { host, port, user, identity, hostKey };
  await contact.leaveSharedConnection(connection);
  const server = watchServer(connection, { contact, clock }, seconds);
  const made = await watch(() => server.look(), limits(), clock);
  if (made.kind === "failed") throw fail(made.reason, await server.evidence());

  const found = [
    ...(await inspect(
      contact,
      connection,
      inputs.dataVolume === "" ? 0 : Math.max(1, Math.floor(limits().deadlineSeconds)),
    )),
    ...(await attemptWaysIn(contact, connection)),
  ];
  if (found.length > 0) {
    throw fail(
      `${String(found.length)} of its settings ${found.length === 1 ? "is" : "are"} not as wanted`,
      found.map(({ what, found: is, wanted }) => `${what}: found ${is}, wanted ${wanted}`),
      `sudo ${scriptPath("landfall-inspect")}`,
    );
  }
  return { ...inputs, hostKey, engine: engineAddress(connection), cloudInit: server.summary() };
}

function judgeHostKey(hostKey: string, pinned: string, { address, port }: ServerGateInputs): Look {
  if (hostKey === "") {
    return { verdict: { passed: false, reason: `sshd does not answer at ${address}, port ${String(port)}` } };
  }
  if (pinned === "" || pinned === hostKey) return { verdict: { passed: true } };
  const reason =
    `another machine answers at ${address}: its host key is ${hostKey}, and ${pinned} is pinned. ` +
    "Somebody may be in between; if the server was made anew outside of Pulumi, raise its generation";
  return { verdict: { passed: false, reason }, hopeless: reason };
}

function checkEnvironment(identity: string): void {
  for (const name of [folderVariable, socketsVariable]) {
    if ((process.env[name] ?? "") === "") {
      throw new Error(`${name} is not set, so no server can be reached; run Pulumi as "npx pulumi", which sets it.`);
    }
  }
  const file = join(process.env[folderVariable] ?? "", identity);
  if (!existsSync(file))
    throw new Error(`The private key "${file}" is not there; the update that makes it has to end first.`);
}
