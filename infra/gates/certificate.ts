import { readInstalled, type InstalledCertificate } from "../certificates/installed.ts";
import { openEngine } from "../engine/engine.ts";
import { execute, type ExecutionResult } from "../engine/execute.ts";
import { nextStep, readProblems, type Challenge } from "./acme-problem.ts";

/** What a certificate gate is fed with: whom it asks, and what it vouches for. */
export interface CertificateGateInputs {
  /** Address of the Docker engine. */
  readonly engine: string;
  /** Id of the container that looks after the certificate. */
  readonly container: string;
  /** Host names that the certificate must be for, no others. */
  readonly hosts: readonly string[];
  /** The issuer's directory URL. */
  readonly directory: string;
  readonly challenge: Challenge;
  /** Longest wait for the issuer. */
  readonly deadlineSeconds: number;
}

/** What a passed gate leaves in the state. */
export interface CertificateGateOutcome {
  readonly id: string;
  readonly outs: CertificateGateInputs & InstalledCertificate & { readonly certificate: string };
}

const readSeconds = 30;
/** Lines of the issuance that stand in an error when none of them is understood. */
const evidenceLines = 10;

/**
 * Has the server see to its certificate, and passes when the one in place is for exactly these hosts, valid, and comes
 * with its chain. Where a good one is in place already, the issuer is not asked.
 *
 * @throws an Error without an id, with the issuer's words and what to look at, so that the next update asks again
 */
export async function passCertificateGate(inputs: CertificateGateInputs): Promise<CertificateGateOutcome> {
  const { container, hosts, deadlineSeconds } = inputs;
  const engine = openEngine(inputs.engine);
  const issued = await execute(engine, {
    container,
    // Ended where it runs, so that a run without an answer does not keep the next one waiting.
    command: ["timeout", "--kill-after=5", String(deadlineSeconds), "/usr/local/bin/issue.sh"],
    signal: AbortSignal.timeout((deadlineSeconds + readSeconds) * 1000),
    onLine: (line) => {
      if (isProgress(line)) console.log(line);
    },
  });
  if (issued.exitCode !== 0) throw new Error(describeFailure(issued, inputs));
  const { stdout: certificate } = await execute(engine, {
    container,
    command: ["cat", "/var/lib/certificates/current/certificate.pem"],
    signal: AbortSignal.timeout(readSeconds * 1000),
  });
  try {
    return { id: container, outs: { ...inputs, certificate, ...readInstalled(certificate, hosts, Date.now()) } };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The certificate for ${hosts.join(", ")} cannot be used: ${reason}`, { cause: error });
  }
}

/** Whether a line of the issuance tells a person something: its own lines, and lego's without the addresses it asks. */
function isProgress(line: string): boolean {
  return (
    /^(asking|in place|nothing to do|a certificate|the issuer|its whole life)/.test(line) ||
    /^\[INFO\] .*(Registering|Obtaining|Trying to solve|validated our request|propagation)/.test(line)
  );
}

/**
 * Why there is no certificate, as a person reads it.
 *
 * @param issued the run of issue.sh; 124 and 137 are the exit codes of `timeout`
 */
export function describeFailure(issued: ExecutionResult, inputs: CertificateGateInputs): string {
  const { hosts, directory, challenge, deadlineSeconds } = inputs;
  const output = `${issued.stdout}\n${issued.stderr}`;
  const problems = readProblems(output);
  const late = issued.exitCode === 124 || issued.exitCode === 137;
  const evidence =
    problems.length > 0
      ? problems.map(({ host, type, detail }) => [host, type, detail].filter((part) => part).join(": "))
      : output
          .split("\n")
          .filter((line) => line.trim() !== "")
          .slice(-evidenceLines);
  return [
    `There is no certificate for ${hosts.join(", ")}: ${
      late ? `the issuer was not done within ${String(deadlineSeconds)} s` : "it was not issued"
    }`,
    `  issuer:    ${directory}`,
    `  challenge: ${challenge}`,
    "  reason:",
    ...[...new Set(evidence)].map((line) => `    ${line}`),
    `  next:      ${nextStep(problems, { challenge, directory })}`,
  ].join("\n");
}
