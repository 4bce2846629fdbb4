import type { ZoneSettingArgs, ZoneSettingState } from "@pulumi/cloudflare";
import { checkSetting } from "../internet/zone-settings.ts";
import type { Properties, Resource } from "../plugin/resource.ts";
import { hasUnknown, UNKNOWN } from "../plugin/values.ts";
import { callApi } from "./client.ts";
import { anything, boolean, text, type TableFor } from "./table.ts";
import type { Cloud } from "../cloud/cloud.ts";

/** Arguments of a ZoneSetting. Which zone and which setting it is replaces it. */
export const zoneSettingInputs = {
  zoneId: { shape: text, required: true, replaces: true },
  settingId: { shape: text, required: true, replaces: true },
  value: { shape: anything, required: true },
  enabled: { shape: boolean, computed: true },
} as const satisfies TableFor<ZoneSettingArgs>;

/** A setting as the API shows it. */
interface Setting {
  readonly id: string;
  readonly value: unknown;
  readonly editable: boolean;
  readonly modified_on: string | null;
  readonly time_remaining?: number;
}

/** `cloudflare.ZoneSetting`. Removing it leaves the value as it is, as the vendor's provider does. */
export const zoneSetting: Resource = {
  token: "cloudflare:index/zoneSetting:ZoneSetting",
  inputs: zoneSettingInputs,
  secretOutputs: [],
  check: ({ settingId, value }) => {
    if (settingId === UNKNOWN || hasUnknown(value)) return [];
    return checkSetting(String(settingId), value).map(({ property, message, code }) => ({
      property,
      reason: `${message} (${String(code)})`,
    }));
  },
  create: async (cloud, inputs) => ({ id: String(inputs["settingId"]), outputs: await change(cloud, inputs) }),
  read: async (cloud, id, outputs) => {
    // An import names the zone, too: `<zone>/<setting>`.
    const [zone = "", setting = ""] = id.includes("/") ? id.split("/") : [String(outputs["zoneId"]), id];
    const found = await callApi(cloud, { method: "GET", path: `/zones/${zone}/settings/${setting}` });
    return outputsOf(found as Setting, { ...outputs, zoneId: zone });
  },
  update: (cloud, { inputs }) => change(cloud, inputs),
  remove: () => Promise.resolve(),
};

async function change(cloud: Cloud, inputs: Properties): Promise<Properties> {
  const path = `/zones/${String(inputs["zoneId"])}/settings/${String(inputs["settingId"])}`;
  const setting = await callApi(cloud, { method: "PATCH", path, body: { value: inputs["value"] } });
  return outputsOf(setting as Setting, inputs);
}

/** Every output of the SDK's class. */
function outputsOf(setting: Setting, inputs: Properties): Properties {
  return {
    zoneId: inputs["zoneId"],
    settingId: setting.id,
    value: setting.value,
    editable: setting.editable,
    enabled: inputs["enabled"],
    modifiedOn: setting.modified_on,
    timeRemaining: setting.time_remaining,
  } satisfies Record<keyof ZoneSettingState, unknown>;
}
