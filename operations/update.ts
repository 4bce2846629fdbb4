/** The update of a stack, whether or not its servers answer. */
import { isInClone, readCheckpoint, type Checkpoint } from "@landfall/tools/clone-state";
import { reachServers } from "@landfall/tools/identity";
import { pulumi, pulumiOutput } from "@landfall/tools/pulumi-command";
import { areBack, knownServers, machines, silentServers, type KnownServer } from "./silent-servers.ts";
import { stackFlags, type StackArguments } from "./stack-arguments.ts";

/** How long servers that were switched on may take to answer. */
const startSeconds = 240;

/**
 * Brings a stack up to date, and back what was stopped or removed by hand. While a server does not answer nothing on it
 * can be looked at, so only the machines are: one that is off is switched on, and what is to be done there waits for it;
 * one that is lost can be replaced by its next generation.
 *
 * @returns the exit code of Pulumi's command
 */
export async function update(args: StackArguments): Promise<number> {
  const up = (flags: readonly string[]): Promise<number> =>
    pulumi(["up", "--yes", "--skip-preview", ...flags, ...stackFlags(args)]);
  const { silent, targets } = await lookForServers(args);
  if (silent.length === 0) return up(["--refresh"]);
  const looked = await pulumi(["refresh", "--yes", "--skip-preview", ...targets, ...stackFlags(args)]);
  if (looked !== 0) return looked;
  const code = await up([]);
  if (code === 0) return 0;
  console.error(`Waiting until ${hostsOf(silent)} answers, for ${String(startSeconds)} s at most …`);
  await reachServers(args.stack);
  return (await areBack(silent, startSeconds)) ? up(["--refresh"]) : code;
}

/** The flags by which a refresh looks at what can be looked at: none where all servers answer, else the machines. */
export async function refreshTargets(args: StackArguments): Promise<readonly string[]> {
  const { silent, targets } = await lookForServers(args);
  return silent.length === 0 ? [] : targets;
}

async function lookForServers({ stack }: StackArguments): Promise<{ silent: KnownServer[]; targets: string[] }> {
  const state = await stateOf(stack);
  if (state === undefined) return { silent: [], targets: [] };
  const silent = await silentServers(knownServers(state));
  if (silent.length > 0) {
    console.error(
      `No answer from ${hostsOf(silent)}: what runs there is left as the state has it. A server that is off is switched ` +
        "on. One that is lost comes anew when its generation is raised.",
    );
  }
  return { silent, targets: machines(state).flatMap((urn) => ["--target", urn]) };
}

function hostsOf(servers: readonly KnownServer[]): string {
  return servers.map(({ host }) => host).join(", ");
}

/** The state of a stack, wherever it lies; undefined when there is none yet. */
async function stateOf(stack: string): Promise<Checkpoint | undefined> {
  if (isInClone(stack)) return readCheckpoint(stack);
  const text = await pulumiOutput(["stack", "export", ...stackFlags({ stack })]).catch(() => undefined);
  if (text === undefined) return undefined;
  const { deployment } = JSON.parse(text) as { deployment: { resources?: Checkpoint["resources"] } };
  return { resources: deployment.resources ?? [], pending: [] };
}
