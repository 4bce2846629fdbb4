import type Docker from "dockerode";
import { setTimeout as pause } from "node:timers/promises";
import { readInstalled, type InstalledCertificate } from "../certificates/installed.ts";
import { openEngine } from "../engine/engine.ts";
import { execute } from "../engine/execute.ts";

/** What the gate of a certificate's copy is fed with: whom it asks, and what it vouches for. */
export interface CertificateFollowerGateInputs {
  /** Address of the Docker engine of the edge that follows. */
  readonly engine: string;
  /** Id of the container that follows. */
  readonly container: string;
  /** Address of the Docker engine of the edge that keeps the certificate. */
  readonly keeperEngine: string;
  /** Id of the container that keeps it. */
  readonly keeper: string;
  /** Where the follower asks, for example `https://10.77.0.11:8444`. */
  readonly source: string;
  /** Host names that the certificate must be for, no others. */
  readonly hosts: readonly string[];
  /** Serial number that the keeper's gate saw; another one asks again. */
  readonly keeperSerial: string;
  /** Longest wait. */
  readonly deadlineSeconds: number;
  readonly intervalSeconds: number;
}

/** What a passed gate leaves in the state. */
export interface CertificateFollowerGateOutcome {
  readonly id: string;
  readonly outs: CertificateFollowerGateInputs & Pick<InstalledCertificate, "serial" | "notAfter">;
}

/** Longest wait for one answer of a container. */
const askSeconds = 30;

/**
 * Has an edge ask its keeper for the certificate, and passes when the one in place there is for exactly these hosts,
 * valid, and the very one that the keeper has.
 *
 * @throws an Error without an id, with what the follower said and what to look at, so that the next update asks again
 */
export async function passCertificateFollowerGate(
  inputs: CertificateFollowerGateInputs,
): Promise<CertificateFollowerGateOutcome> {
  const { container, deadlineSeconds, intervalSeconds } = inputs;
  const deadline = Date.now() + deadlineSeconds * 1000;
  for (;;) {
    let reason: string;
    try {
      const { serial, notAfter } = await follow(inputs);
      return { id: container, outs: { ...inputs, serial, notAfter } };
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
    if (Date.now() + intervalSeconds * 1000 > deadline) throw new Error(describeLate(inputs, reason));
    await pause(intervalSeconds * 1000);
  }
}

async function follow(inputs: CertificateFollowerGateInputs): Promise<InstalledCertificate> {
  const { hosts } = inputs;
  const follower = openEngine(inputs.engine);
  await run(follower, inputs.container, ["/usr/local/bin/follow.sh"]);
  const own = readInstalled(await certificateOf(follower, inputs.container), hosts, Date.now());
  const kept = readInstalled(await certificateOf(openEngine(inputs.keeperEngine), inputs.keeper), hosts, Date.now());
  if (own.serial !== kept.serial) {
    throw new Error(`the serial number is ${own.serial} here and ${kept.serial} where the certificate is kept`);
  }
  return own;
}

function certificateOf(engine: Docker, container: string): Promise<string> {
  return run(engine, container, ["cat", "/var/lib/certificates/current/certificate.pem"]);
}

async function run(engine: Docker, container: string, command: readonly string[]): Promise<string> {
  const signal = AbortSignal.timeout(askSeconds * 1000);
  const { exitCode, stdout, stderr } = await execute(engine, { container, command, signal });
  if (exitCode === 0) return stdout;
  throw new Error(
    [stderr, stdout].map((text) => text.trim()).find((text) => text !== "") ?? `${command.join(" ")} failed`,
  );
}

/** Why an edge has no copy of the certificate, as a person reads it. */
export function describeLate(
  { hosts, source, deadlineSeconds }: CertificateFollowerGateInputs,
  reason: string,
): string {
  return [
    `The certificate for ${hosts.join(", ")} has not come from the edge that keeps it within ${String(deadlineSeconds)} s`,
    `  kept at: ${source}`,
    `  reason:  ${reason}`,
    "  next:    see that the keeper's container certificate-source runs, and that the firewalls let the edges reach one another at that port; then run the same command again",
  ].join("\n");
}
