import { isIPv6 } from "node:net";
import { networkRange } from "../cloud/subnet.ts";
import type { Fault, Properties } from "../plugin/resource.ts";
import { isRecord, UNKNOWN } from "../plugin/values.ts";
import { types } from "./catalogue.ts";
import { unsupportedSettings } from "./database-properties.ts";
import { checkChoice, checkLabel, checkRange, checkRegion, databaseLabel, refuseUnsupported } from "./rules.ts";

/** Engines that a rehearsal has. */
export const engines: readonly string[] = ["postgresql/17"];

/** The vendor's rules for a managed database: https://techdocs.akamai.com/linode-api/reference/post-databases-postgre-sql-instances */
export function checkDatabase(inputs: Properties): Fault[] {
  const { type, clusterSize } = inputs;
  const faults = [
    ...checkLabel(inputs["label"], databaseLabel),
    ...checkRegion(inputs["region"]),
    ...checkChoice("type", type, Object.keys(types)),
    ...checkChoice("engineId", inputs["engineId"], engines),
    ...checkRange("clusterSize", clusterSize, [1, 3]),
    ...checkAllowLists(inputs["allowLists"]),
    ...checkUpdates(inputs["updates"]),
    ...checkRange("engineConfigWorkMem", inputs["engineConfigWorkMem"], [1, 1024]),
    ...checkRange("engineConfigSharedBuffersPercentage", inputs["engineConfigSharedBuffersPercentage"], [20, 60]),
    ...refuseUnsupported(inputs, ["forkSource", "forkRestoreTime", ...unsupportedSettings]),
  ];
  if (clusterSize === 2 && typeof type === "string" && type !== UNKNOWN && !type.startsWith("g6-dedicated-")) {
    faults.push({ property: "clusterSize", reason: `two nodes need a dedicated plan, and ${type} is none` });
  }
  return faults;
}

function checkAllowLists(lists: unknown): Fault[] {
  if (!Array.isArray(lists)) return [];
  return lists.flatMap((network: unknown, at): Fault[] => {
    if (typeof network !== "string" || network === UNKNOWN || isNetwork(network)) return [];
    return [
      {
        property: `allowLists[${String(at)}]`,
        reason: `"${network}" is no address or network such as 198.51.100.7/32`,
      },
    ];
  });
}

function isNetwork(text: string): boolean {
  return networkRange(text) !== undefined || isIPv6(text.split("/")[0] ?? "");
}

function checkUpdates(updates: unknown): Fault[] {
  if (!isRecord(updates)) return [];
  return [
    ...checkChoice("updates.frequency", updates["frequency"], ["weekly"]),
    ...checkRange("updates.dayOfWeek", updates["dayOfWeek"], [1, 7]),
    ...checkRange("updates.duration", updates["duration"], [4, 4]),
    ...checkRange("updates.hourOfDay", updates["hourOfDay"], [0, 23]),
  ];
}
