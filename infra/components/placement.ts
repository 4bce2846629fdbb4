import * as linode from "@pulumi/linode";
import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";
import { labelLengths, linodeLabel, numericId } from "./linode-names.ts";

/** What a placement group is made from. */
export interface PlacementArgs {
  /** What names begin with, for example `landfall-production`. */
  readonly prefix: string;
  readonly region: string;
  readonly settings: Settings;
}

/**
 * Keeps the app servers on hosts of their own, so that one failing host takes one of them; undefined where there is one.
 *
 * @returns the group's id
 */
export function createPlacement({ prefix, region, settings }: PlacementArgs): pulumi.Output<number> | undefined {
  const apps = settings.servers.filter(({ roles }) => roles.includes("app"));
  if (apps.length < 2) return undefined;
  const group = new linode.PlacementGroup("app-placement", {
    label: linodeLabel([prefix, "app"], labelLengths.placementGroup),
    region,
    placementGroupType: "anti_affinity:local",
    placementGroupPolicy: settings.placement,
  });
  return numericId(group);
}
