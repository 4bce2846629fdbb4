import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { Resolver } from "node:dns/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { withLock } from "../../tools/lock.ts";
import { addressOf, places, type Cloud } from "../cloud/cloud.ts";
import { inspectContainer } from "../cloud/container.ts";
import type { LinodeDomain } from "./names/linode-zone.ts";
import { emptyNames, linodeZone, serialOf, servedZones, type LinodeNames } from "./names/linode.ts";

/** Milliseconds for the name servers to answer from what was published. */
const deadline = 15_000;

/** What Linode's name servers of a cloud answer from. */
export function readLinodeNames(cloud: Cloud): LinodeNames {
  const path = pathOf(cloud);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as LinodeNames) : emptyNames;
}

/**
 * Lets Linode's name servers of a cloud answer from these domains and no others. Resolves when they do; where the
 * internet does not run, they will when it starts.
 */
export function publishDomains(cloud: Cloud, domains: readonly LinodeDomain[]): Promise<void> {
  return changeLinodeNames(cloud, (names) => ({ ...names, domains }));
}

/**
 * Gives a name of Linode's own an address, or takes it away. Resolves when the name servers answer so.
 *
 * @param name full, in one of Linode's zones; a wildcard may be its first label
 * @throws when it lies in none of them
 */
export async function publishHost(cloud: Cloud, name: string, address: string | undefined): Promise<void> {
  if (linodeZone(name) === undefined) {
    throw new Error(`"${name}" lies in none of the zones that Linode's name servers have of their own in a rehearsal.`);
  }
  await changeLinodeNames(cloud, (names) => {
    const others = Object.entries(names.hosts).filter(([host]) => host !== name);
    const own: [string, string][] = address === undefined ? [] : [[name, address]];
    return { ...names, hosts: Object.fromEntries([...others, ...own]) };
  });
}

/** Calls of this process take turns here first: the lock's file knows processes only. */
const turns = new Map<string, Promise<unknown>>();

async function changeLinodeNames(cloud: Cloud, change: (names: LinodeNames) => LinodeNames): Promise<void> {
  const before = turns.get(cloud.folder) ?? Promise.resolve();
  const mine = before.then(() =>
    withLock(join(cloud.folder, "linode-names.lock"), () => Promise.resolve(writeChange(cloud, change))),
  );
  turns.set(
    cloud.folder,
    mine.catch(() => undefined),
  );
  const changed = await mine;
  if ((await inspectContainer(cloud, "linode-names"))?.State.Running === true) await awaitAnswers(cloud, changed);
}

function writeChange(cloud: Cloud, change: (names: LinodeNames) => LinodeNames): LinodeNames {
  const before = readLinodeNames(cloud);
  const after = { ...change(before), revision: before.revision + 1 };
  write(cloud, after);
  return after;
}

/** In place of the whole, so that a reader sees the names before or after. */
function write(cloud: Cloud, names: LinodeNames): void {
  const path = pathOf(cloud);
  mkdirSync(join(path, ".."), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, `${JSON.stringify(names, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** Waits until every zone is answered as of this revision, or a later one. */
async function awaitAnswers(cloud: Cloud, names: LinodeNames): Promise<void> {
  const resolver = new Resolver({ timeout: 1000, tries: 1 });
  resolver.setServers([addressOf(cloud, places.linodeNames)]);
  const end = Date.now() + deadline;
  for (const zone of servedZones(names)) {
    for (;;) {
      const { serial } = await resolver.resolveSoa(zone).catch(() => ({ serial: 0 }));
      if (serial >= serialOf(names)) break;
      if (Date.now() > end) {
        throw new Error(
          `Linode's name servers of the rehearsal do not answer for ${zone} as published after ` +
            `${String(deadline / 1000)} s: their serial is ${String(serial)}, and ${String(serialOf(names))} was published.`,
        );
      }
      await pause(25);
    }
  }
}

function pathOf(cloud: Cloud): string {
  return join(cloud.folder, "internet", "linode", "names.json");
}
