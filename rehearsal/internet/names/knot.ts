import { execFile, spawn } from "node:child_process";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Account } from "../account.ts";
import { scratchFolder } from "../places.ts";
import type { Zone } from "../zone.ts";
import { nameServers, renderAddresses, renderZone } from "./zone-file.ts";

const run = promisify(execFile);

/** An authoritative DNS server that runs. */
export interface NameServer {
  /** Lets it answer from a zone as it is now. Resolves when it does. */
  publish(zone: Zone): Promise<void>;
}

const folder = join(scratchFolder, "knot");
const configuration = join(folder, "knot.conf");

/** Vendors' zones of which the rehearsal needs a few names. Every other name in them does not exist here. */
export function vendorZones(account: Account): Record<string, Record<string, string>> {
  return {
    "cloudflare.com": {
      "api.cloudflare.com": account.edge,
      ...Object.fromEntries(nameServers.map((name) => [name, account.edge])),
    },
    "api.letsencrypt.org": {
      "acme-v02.api.letsencrypt.org": account.authority,
      "acme-staging-v02.api.letsencrypt.org": account.authority,
    },
  };
}

/** Knot's configuration: every zone from its file, read whole, nothing kept beside it. */
export function knotConfiguration(zones: readonly string[]): string {
  return `server:
  rundir: ${folder}
  listen: 0.0.0.0@53
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
database:
  storage: ${folder}/database
log:
  - target: stderr
    any: warning
template:
  - id: default
    storage: ${folder}/zones
    file: "%s.zone"
    zonefile-sync: -1
    zonefile-load: whole
    journal-content: none
zone:
${zones.map((zone) => `  - domain: ${zone}\n`).join("")}`;
}

/**
 * Starts the authoritative DNS server for the account's zones and the vendors' names. The process ends when it ends.
 *
 * @param zones the zones as they are now
 */
export function startNameServer(account: Account, zones: readonly Zone[]): NameServer {
  mkdirSync(join(folder, "zones"), { recursive: true });
  mkdirSync(join(folder, "database"), { recursive: true });
  const vendors = vendorZones(account);
  for (const [zone, addresses] of Object.entries(vendors)) writeZone(zone, renderAddresses(zone, addresses));
  // A serial that grows over restarts, too: the revision is part of the zones' file.
  const write = (zone: Zone): void => {
    writeZone(zone.name, renderZone(zone, { edge: account.edge, serial: 2_400_000_000 + zone.revision }));
  };
  zones.forEach(write);
  writeFileSync(configuration, knotConfiguration([...zones.map(({ name }) => name), ...Object.keys(vendors)]));
  const server = spawn("knotd", ["--config", configuration], { stdio: "inherit" });
  server.on("exit", (code) => {
    console.error(`knotd ended with ${String(code)}.`);
    process.exit(1);
  });
  let turn: Promise<unknown> = Promise.resolve();
  return {
    publish: (zone) => {
      write(zone);
      const reload = turn.then(() => run("knotc", ["--config", configuration, "--blocking", "zone-reload", zone.name]));
      turn = reload.catch(() => undefined);
      return reload.then(() => undefined);
    },
  };
}

function writeZone(zone: string, content: string): void {
  const path = join(folder, "zones", `${zone}.zone`);
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}
