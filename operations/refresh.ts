/** What an update of a stack looks at before it begins. */
import { isInClone, readCheckpoint, type Checkpoint } from "@landfall/tools/clone-state";
import { pulumi, pulumiOutput } from "@landfall/tools/pulumi-command";
import { knownServers, machines, silentServers } from "./silent-servers.ts";
import { stackFlags, type StackArguments } from "./stack-arguments.ts";

/**
 * The flags of an update that brings back what was stopped or removed by hand. While a server does not answer nothing
 * on it can be looked at, so only the machines are: one that is off is switched on, and one that is lost can be replaced
 * by its next generation.
 *
 * @throws when the machines cannot be looked at
 */
export async function refreshFlags(args: StackArguments): Promise<string[]> {
  const targets = await refreshTargets(args);
  if (targets.length === 0) return ["--refresh"];
  const code = await pulumi(["refresh", "--yes", "--skip-preview", ...targets, ...stackFlags(args)]);
  if (code !== 0) throw new Error(`The servers of ${args.stack} cannot be looked at: see above.`);
  return [];
}

/** The flags by which a refresh looks at what can be looked at: none where all servers answer, else the machines. */
export async function refreshTargets({ stack }: StackArguments): Promise<string[]> {
  const state = await stateOf(stack);
  const silent = state === undefined ? [] : await silentServers(knownServers(state));
  if (state === undefined || silent.length === 0) return [];
  console.error(
    `No answer from ${silent.map(({ host }) => host).join(", ")}: what runs there is left as the state has it. A server that is ` +
      "off is switched on; run this again when it answers. One that is lost comes anew when its generation is raised.",
  );
  return machines(state).flatMap((urn) => ["--target", urn]);
}

/** The state of a stack, wherever it lies; undefined when there is none yet. */
async function stateOf(stack: string): Promise<Checkpoint | undefined> {
  if (isInClone(stack)) return readCheckpoint(stack);
  const text = await pulumiOutput(["stack", "export", ...stackFlags({ stack })]).catch(() => undefined);
  if (text === undefined) return undefined;
  const { deployment } = JSON.parse(text) as { deployment: { resources?: Checkpoint["resources"] } };
  return { resources: deployment.resources ?? [], pending: [] };
}
