import { randomBytes } from "node:crypto";
import { createAuthority, issueCertificate } from "../../infra/certificates/authority.ts";
import { isAlive } from "../../tools/process.ts";
import { addressOf, type Cloud } from "../cloud/cloud.ts";
import { applyDatabase, isRunning, makeDatabase, removeDatabase } from "../database/database.ts";
import type { DatabaseRecord, MaintenanceWindow } from "../database/record.ts";
import { derivedSettings, plainSettings } from "../database/settings.ts";
import { publishHost } from "../internet/linode-names.ts";
import type { Change, Properties, Resource } from "../plugin/resource.ts";
import { changeAccount, claimLabel, find, readAccount, refusal, takeId, timestamp, type Account } from "./account.ts";
import { types } from "./catalogue.ts";
import { databaseProperties } from "./database-properties.ts";
import { checkDatabase } from "./database-rules.ts";
import { applyFilter } from "./filter.ts";

/** Addresses of the public network that managed databases get: 198.51.100.208 to .223. */
const addresses = { first: 208, last: 223 };

const validityDays = 3650;

interface DatabaseInputs extends Properties {
  readonly label: string;
  readonly region: string;
  readonly type: string;
  readonly engineId: string;
  readonly clusterSize?: number;
  readonly allowLists?: readonly string[];
  readonly suspended?: boolean;
  readonly updates?: MaintenanceWindow;
}

/** A managed database: Postgres in a container, behind TLS and a list of who may come in. */
export const databasePostgresql: Resource = {
  token: "linode:index/databasePostgresqlV2:DatabasePostgresqlV2",
  inputs: databaseProperties,
  secretOutputs: ["caCert", "rootPassword", "rootUsername"],
  check: checkDatabase,
  create: async (cloud, inputs) => {
    // Whole or not at all, as with a server, and others are made meanwhile.
    const entered = await changeAccount(cloud, async (account) => {
      await removeUnfinished(cloud, account);
      const record = await enter(cloud, account, inputs as DatabaseInputs);
      await applyFilter(cloud, account);
      return record;
    });
    try {
      await makeDatabase(cloud, entered);
      await publishHost(cloud, entered.host, entered.address);
    } catch (error) {
      await forget(cloud, entered);
      throw error;
    }
    const made = await changeAccount(cloud, (account) => {
      const known = find(account.databases, entered.id);
      delete known.madeBy;
      return known;
    });
    return { id: String(made.id), outputs: await outputsOf(cloud, made, inputs) };
  },
  read: (cloud, id, outputs) => {
    const found = readAccount(cloud).databases.find((one) => String(one.id) === id);
    return found === undefined ? Promise.resolve(undefined) : outputsOf(cloud, found, outputs);
  },
  update,
  remove: async (cloud, id) => {
    const record = readAccount(cloud).databases.find((one) => String(one.id) === id);
    if (record !== undefined) await forget(cloud, record);
  },
};

/** Removes what a call has left that was killed before it had an answer. */
async function removeUnfinished(cloud: Cloud, account: Account): Promise<void> {
  const unfinished = account.databases.filter(({ madeBy }) => madeBy !== undefined && !isAlive(madeBy));
  for (const database of unfinished) {
    await removeDatabase(cloud, database);
    await publishHost(cloud, database.host, undefined);
  }
  account.databases = account.databases.filter((one) => !unfinished.includes(one));
}

async function forget(cloud: Cloud, database: DatabaseRecord): Promise<void> {
  await removeDatabase(cloud, database);
  await changeAccount(cloud, async (account) => {
    account.databases = account.databases.filter(({ id }) => id !== database.id);
    await applyFilter(cloud, account);
  });
  await publishHost(cloud, database.host, undefined);
}

async function enter(cloud: Cloud, account: Account, inputs: DatabaseInputs): Promise<DatabaseRecord> {
  const id = takeId(account);
  claimLabel(account.databases, inputs, "Managed Databases");
  const host = `a1-akamai-prod-${String(id)}-default.g2a.akamaidb.net`;
  const authority = await createAuthority({ commonName: `${String(id)} Project CA`, validityDays });
  const request = { commonName: host, dnsNames: [host], ipAddresses: [], validityDays };
  const record: DatabaseRecord = {
    ...{ id, host, label: inputs.label, region: inputs.region, engineId: inputs.engineId },
    ...settingsOf(inputs),
    address: freeAddress(cloud, account),
    port: 10_000 + (id % 10_000),
    rootPassword: `AVNS_${randomBytes(12).toString("base64url")}`,
    caCertificate: authority.certificate,
    pair: await issueCertificate(authority, request),
    created: timestamp(),
    madeBy: process.pid,
  };
  account.databases.push(record);
  return record;
}

type ChangeableSettings = Pick<
  DatabaseRecord,
  "type" | "clusterSize" | "allowLists" | "suspended" | "updates" | "settings"
>;

function settingsOf(inputs: DatabaseInputs): ChangeableSettings {
  const { type, clusterSize = 1, allowLists = [], suspended = false } = inputs;
  const { updates = { dayOfWeek: 7, duration: 4, frequency: "weekly", hourOfDay: 0 } } = inputs;
  const given: Record<string, string> = {
    ...plainSettings,
    [derivedSettings.workMem]: "work_mem",
    [derivedSettings.sharedBuffers]: "shared_buffers",
  };
  const settings = Object.entries(given).flatMap(([name, own]): [string, string][] =>
    inputs[name] === undefined ? [] : [[own, String(inputs[name] as string | number | boolean)]],
  );
  return { type, clusterSize, allowLists, suspended, updates, settings: Object.fromEntries(settings) };
}

function freeAddress(cloud: Cloud, account: Account): string {
  for (let last = addresses.first; last <= addresses.last; last += 1) {
    const free = addressOf(cloud, last);
    if (!account.databases.some(({ address }) => address === free)) return free;
  }
  throw refusal(400, "The rehearsal's public network has no free address for another Managed Database");
}

async function update(cloud: Cloud, { id, before, inputs }: Change): Promise<Properties> {
  const wanted = { ...kept(before), ...inputs } as unknown as DatabaseInputs;
  const record = await changeAccount(cloud, async (account) => {
    const known = find(account.databases, id);
    refuseChange(known, wanted);
    claimLabel(account.databases, { label: wanted.label, id: known.id }, "Managed Databases");
    Object.assign(known, { label: wanted.label, ...settingsOf(wanted) });
    await applyFilter(cloud, account);
    return known;
  });
  await applyDatabase(cloud, record);
  return outputsOf(cloud, record, wanted);
}

/** What the vendor had filled in and keeps. */
function kept(before: Properties): Properties {
  return Object.fromEntries(Object.keys(databaseProperties).map((name) => [name, before[name]]));
}

function refuseChange(known: DatabaseRecord, wanted: DatabaseInputs): void {
  const [old, now] = [types[known.type], types[wanted.type]];
  if (old !== undefined && now !== undefined && now.disk < old.disk) {
    throw refusal(400, `A cluster can't be resized to a smaller plan: from ${known.type} to ${wanted.type}`, "type");
  }
  if (wanted.engineId !== known.engineId) {
    throw refusal(400, `The rehearsal does not stand in for an upgrade from ${known.engineId}`, "version");
  }
}

async function outputsOf(cloud: Cloud, record: DatabaseRecord, inputs: Properties): Promise<Properties> {
  const { label, region, type, engineId, clusterSize, allowLists, suspended, updates } = record;
  const [engine = "", version = ""] = engineId.split("/");
  const standbys = Array.from({ length: clusterSize - 1 }, (_, at): [string, string] => [
    `203.0.113.${String(at + 1)}`,
    "failover",
  ]);
  const advanced = [...Object.keys(plainSettings), ...Object.values(derivedSettings)];
  const running = await isRunning(cloud, record);
  return {
    ...Object.fromEntries(advanced.map((name) => [name, inputs[name]])),
    ...{ label, region, type, engineId, clusterSize, allowLists, suspended, updates },
    timeouts: inputs["timeouts"],
    caCert: record.caCertificate,
    created: record.created,
    updated: record.created,
    encrypted: true,
    engine,
    version: `${version}.6`,
    hostPrimary: record.host,
    hostSecondary: `replica-${record.host}`,
    members: Object.fromEntries([[record.address, "primary"], ...standbys]),
    oldestRestoreTime: record.created,
    pendingUpdates: [],
    platform: "rdbms-default",
    port: record.port,
    rootUsername: "akmadmin",
    rootPassword: record.rootPassword,
    sslConnection: true,
    status: suspended ? "suspended" : running ? "active" : "failed",
  };
}
