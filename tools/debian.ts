import { findProgram, execute } from "./process.ts";
import type { Progress } from "./step.ts";

/**
 * Installs Debian packages, saying so.
 * @param purpose what they are for, for the error where we may not install: "to have a Docker engine"
 * @throws with the command to run by hand, where there is no apt or we are not root
 */
export async function installPackages(packages: string[], purpose: string, progress: Progress): Promise<void> {
  const command = `apt-get install --no-install-recommends ${packages.join(" ")}`;
  const apt = findProgram("apt-get");
  if (apt === undefined) {
    throw new Error(
      `This machine has no apt-get. ${purpose}, install by hand what Debian calls ${packages.join(", ")}.`,
    );
  }
  if (!isRoot()) throw new Error(`We are not root and install nothing. ${purpose}, run: sudo ${command}`);
  progress.say(`Installing Debian's packages ${packages.join(", ")} (apt-get).`);
  const options = {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    onLine: (line: string) => {
      progress.detail(line);
    },
  };
  await execute(apt, ["update", "-q"], options);
  await execute(apt, ["install", "-y", "-q", "--no-install-recommends", ...packages], options);
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}
