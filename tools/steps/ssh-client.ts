import { installPackages } from "../debian.ts";
import { findProgram } from "../process.ts";
import type { Step } from "../step.ts";

const programs = ["ssh", "ssh-keygen", "ssh-keyscan"];

/** OpenSSH's client: servers are reached by it. */
export function sshClient(): Step {
  const missing = (): string[] => programs.filter((name) => findProgram(name) === undefined);
  return {
    name: "OpenSSH client",
    estimate: 5,
    needed: () => (missing().length === 0 ? undefined : `${missing().join(", ")} not installed`),
    run: (progress) => installPackages(["openssh-client"], "To reach servers", progress),
  };
}
