import type { ExecutionResult } from "../../infra/engine/execute.ts";
import type { ServerExpectations } from "./expectations.ts";
import { keys, type Scene } from "./scene.ts";
import { filesFolder } from "./vantage.ts";

/** Runs a command on a server, as its operators do: over ssh, from where they are. @throws when it fails */
export async function runOnServer(scene: Scene, server: ServerExpectations, command: string): Promise<string> {
  const { expected, operator, target } = scene;
  const options = {
    BatchMode: "yes",
    IdentitiesOnly: "yes",
    StrictHostKeyChecking: "no",
    UserKnownHostsFile: "/dev/null",
    LogLevel: "ERROR",
    ConnectTimeout: "5",
  };
  const { exitCode, stdout, stderr }: ExecutionResult = await operator.run(
    [
      ...["ssh", "-F", "none", "-i", `${filesFolder}/${keys.known}`],
      ...Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]),
      ...[`${expected.ssh.user}@${target(server.publicAddress)}`, command],
    ],
    60,
  );
  if (exitCode === 0) return stdout;
  throw new Error(`a command on ${server.name} ended with ${String(exitCode)}: ${stderr.trim()}`);
}
