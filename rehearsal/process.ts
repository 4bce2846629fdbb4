import { join } from "node:path";
import { runInForeground } from "../tools/foreground.ts";
import { root } from "../tools/paths.ts";
import { execute } from "../tools/process.ts";
import type { Cloud } from "./cloud/cloud.ts";
import { rehearsalEnvironment } from "./environment.ts";

const node = join(root, "node_modules/.bin/node");

/** Runs a program of the project's on a cloud, on our terminal. @returns its exit code */
export function runOnCloud(cloud: Cloud, program: string, args: readonly string[]): Promise<number> {
  return runInForeground(node, [join(root, program), ...args], rehearsalEnvironment(cloud, process.env));
}

/** Runs a command of Pulumi's on a cloud. @returns what it prints @throws when it fails, with its words */
export function pulumiOnCloud(cloud: Cloud, args: readonly string[]): Promise<string> {
  const env = rehearsalEnvironment(cloud, process.env);
  return execute(node, [join(root, "tools/pulumi.ts"), ...args, "--stack", cloud.stack], { env, cwd: root });
}
