import { derivedSettings, plainSettings } from "../database/settings.ts";
import type { Property, PropertyType } from "../plugin/resource.ts";
import type { PropertyTable } from "../plugin/validate.ts";
import { boolean, computed, integer, optional, replacing, required, string, strings } from "./properties.ts";

const number: PropertyType = { type: "number" };

/** The advanced settings that are no whole numbers. */
const shapes: Readonly<Record<string, PropertyType>> = {
  engineConfigPgAutovacuumAnalyzeScaleFactor: number,
  engineConfigPgAutovacuumVacuumScaleFactor: number,
  engineConfigPgBgwriterLruMultiplier: number,
  engineConfigSharedBuffersPercentage: number,
  engineConfigPgDefaultToastCompression: string,
  engineConfigPgJit: boolean,
  engineConfigPgPasswordEncryption: string,
  engineConfigPgPgPartmanBgwRole: string,
  engineConfigPgPgStatMonitorPgsmEnableQueryPlan: boolean,
  engineConfigPgPgStatStatementsTrack: string,
  engineConfigPgStatMonitorEnable: boolean,
  engineConfigPgTimezone: string,
  engineConfigPgTrackCommitTimestamp: string,
  engineConfigPgTrackFunctions: string,
  engineConfigPgTrackIoTiming: string,
};

/** Advanced settings that would change nothing in a rehearsal: refused. */
export const unsupportedSettings: readonly string[] = [
  "engineConfigPgBgwriterDelay",
  "engineConfigPgBgwriterFlushAfter",
  "engineConfigPgBgwriterLruMaxpages",
  "engineConfigPgBgwriterLruMultiplier",
  "engineConfigPgMaxFilesPerProcess",
  "engineConfigPgMaxLocksPerTransaction",
  "engineConfigPgMaxLogicalReplicationWorkers",
  "engineConfigPgMaxPredLocksPerTransaction",
  "engineConfigPgMaxReplicationSlots",
  "engineConfigPgMaxSlotWalKeepSize",
  "engineConfigPgMaxStackDepth",
  "engineConfigPgMaxStandbyArchiveDelay",
  "engineConfigPgMaxStandbyStreamingDelay",
  "engineConfigPgMaxWalSenders",
  "engineConfigPgPasswordEncryption",
  "engineConfigPgPgPartmanBgwInterval",
  "engineConfigPgPgPartmanBgwRole",
  "engineConfigPgPgStatMonitorPgsmEnableQueryPlan",
  "engineConfigPgPgStatMonitorPgsmMaxBuckets",
  "engineConfigPgStatMonitorEnable",
  "engineConfigPgTrackActivityQuerySize",
  "engineConfigPgTrackCommitTimestamp",
  "engineConfigPgWalSenderTimeout",
  "engineConfigPgWalWriterDelay",
  "engineConfigPglookoutMaxFailoverReplicationTimeLag",
];

const advanced = [...Object.keys(plainSettings), ...Object.values(derivedSettings), ...unsupportedSettings];
const advancedProperties = advanced.map((name): [string, Property] => [name, computed(shapes[name] ?? integer)]);

/** What may be given for a managed database, as @pulumi/linode has it. */
export const databaseProperties: PropertyTable = {
  label: required(string),
  region: replacing(required(string)),
  type: required(string),
  engineId: required(string),
  clusterSize: computed(integer),
  allowLists: computed(strings),
  suspended: computed(boolean),
  updates: computed({
    type: "object",
    properties: {
      dayOfWeek: required(integer),
      duration: required(integer),
      frequency: required(string),
      hourOfDay: required(integer),
    },
  }),
  forkSource: replacing(optional(integer)),
  forkRestoreTime: replacing(computed(string)),
  timeouts: optional({
    type: "object",
    properties: { create: optional(string), update: optional(string), delete: optional(string) },
  }),
  ...Object.fromEntries(advancedProperties),
};
