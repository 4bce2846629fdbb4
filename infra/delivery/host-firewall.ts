import { scriptPath } from "../cloud-init/part.ts";
import { systemContact } from "../gates/server-contact.ts";
import { systemClock, type Clock } from "../gates/watch.ts";
import { parseEngineAddress } from "../ssh/connection.ts";
import { isUnreached, runOnServer, serverOf, type RunOnServer } from "./on-server.ts";

/** Which rules a server is to have. */
export interface HostFirewallInputs {
  /** Address of the server's engine. */
  readonly engine: string;
  /** The whole table, as `nftRuleset` makes it. */
  readonly ruleset: string;
}

/** What the state keeps of a delivery. */
export interface HostFirewallOutputs extends HostFirewallInputs {
  /** Hash of the rules as the server's kernel has them. */
  readonly loaded: string;
}

/** What a delivery needs besides its inputs. */
export interface FirewallMeans {
  readonly run: RunOnServer;
  /** Makes the next command open a connection of its own, which the new rules must let through. */
  readonly leaveSharedConnection: (engine: string) => Promise<void>;
  readonly clock: Clock;
}

/** The server takes rules back by itself that nobody has kept after so long. */
const trialSeconds = 30;
const commandSeconds = 20;

const systemMeans: FirewallMeans = {
  run: runOnServer,
  leaveSharedConnection: (engine) => systemContact.leaveSharedConnection(parseEngineAddress(engine)),
  clock: systemClock,
};

const program = `sudo -n ${scriptPath("landfall-firewall")}`;

/**
 * Gives a server its rules. They are on trial first: only if a new connection comes through them are they kept, also for
 * the next boot. Rules that would shut this machine out are so taken back by the server itself.
 *
 * @returns the hash of what is loaded then
 * @throws when the server refuses the rules, or when they had to be taken back
 */
export async function deliverHostFirewall(
  { engine, ruleset }: HostFirewallInputs,
  { run, leaveSharedConnection, clock }: FirewallMeans = systemMeans,
): Promise<string> {
  const host = serverOf(engine);
  const start = clock.now();
  const command = `${program} try ${String(trialSeconds)}`;
  const tried = await run(engine, { command, seconds: commandSeconds, input: ruleset });
  if (tried.exitCode !== 0) {
    throw new Error(
      `The server at ${host} did not take its firewall's rules: ${tried.stderr.trim()}\n` +
        "  Those before are in force. next: look at them with: sudo landfall-inspect",
    );
  }
  await leaveSharedConnection(engine);
  const kept = await run(engine, { command: `${program} keep`, seconds: commandSeconds });
  if (kept.exitCode === 0) return tried.stdout.trim();
  // Until the server has taken the rules back, nothing else can reach it.
  await clock.wait(Math.max(0, (trialSeconds + 2) * 1000 - (clock.now() - start)));
  await leaveSharedConnection(engine);
  throw new Error(
    `The new firewall rules would shut this machine out of the server at ${host}, so the server has taken them back: ` +
      `${kept.stderr.trim()}\n  next: name the network that this machine reaches it from in landfall:access.networks`,
  );
}

/**
 * Whether a server's rules are still those that were delivered.
 *
 * @returns undefined when the server does not answer: nothing was learned then
 */
export async function hasHostFirewall(
  { engine, loaded }: HostFirewallOutputs,
  run: RunOnServer = runOnServer,
): Promise<boolean | undefined> {
  const result = await run(engine, { command: `${program} hash`, seconds: commandSeconds });
  if (isUnreached(result)) return undefined;
  return result.exitCode === 0 && result.stdout.trim() === loaded;
}
