import type { Checkpoint, StateResource } from "@landfall/tools/clone-state";
import type { Vendor } from "@landfall/infra/settings/tokens";
import { startVendorPlugin, type VendorPlugin } from "./vendor-plugin.ts";
import { saysNotThere, searches } from "./vendor-searches.ts";

/** Something that a vendor has made and that the state does not know. */
export interface Unnoted {
  /** As the state had it while it was being made. */
  readonly resource: StateResource;
  /** What the vendor knows it by. */
  readonly id: string;
}

/** Gives the configuration of a vendor's provider, its token among it. */
export type SettingsOf = (vendor: Vendor) => Promise<Readonly<Record<string, string>>>;

/**
 * The state with what was made and not noted: a resource with its id and with its inputs for outputs, which the next
 * refresh brings up to date.
 *
 * @param exported what `pulumi stack export` prints
 */
export function withMade(exported: string, made: readonly Unnoted[]): string {
  const state = JSON.parse(exported) as ExportedState;
  const { deployment } = state;
  const urns = new Set(made.map(({ resource }) => resource.urn));
  const noted = made.map(({ resource, id }) => ({ ...resource, id, outputs: resource.inputs ?? {} }));
  deployment.resources = [...(deployment.resources ?? []), ...noted];
  deployment.pending_operations = deployment.pending_operations?.filter(({ resource }) => !urns.has(resource.urn));
  return JSON.stringify(state);
}

interface ExportedState {
  deployment: { resources?: StateResource[]; pending_operations?: Checkpoint["pending"] | undefined };
}

/**
 * Looks for what an update was making at a vendor when it was cut off: the vendor may have made it without the state
 * knowing, and would refuse it a second time.
 *
 * @param settingsOf asked only for the vendors that have to be asked themselves
 * @throws with the vendor's words when one cannot be asked
 */
export async function madeUnnoted({ pending }: Checkpoint, settingsOf: SettingsOf): Promise<Unnoted[]> {
  const plugins = new Map<string, Promise<VendorPlugin>>();
  const started = (vendor: Vendor): Promise<VendorPlugin> => {
    const plugin = plugins.get(vendor) ?? settingsOf(vendor).then((settings) => startVendorPlugin(vendor, settings));
    plugins.set(vendor, plugin);
    return plugin;
  };
  try {
    const creating = pending.filter(({ type }) => type === "creating").map(({ resource }) => resource);
    const made: Unnoted[] = [];
    for (const resource of creating) {
      const id = await idAtVendor(resource, started);
      if (id !== undefined) made.push({ resource, id });
    }
    return made;
  } finally {
    const all = await Promise.allSettled(plugins.values());
    for (const one of all) if (one.status === "fulfilled") one.value.end();
  }
}

async function idAtVendor(
  { type, inputs = {} }: StateResource,
  started: (vendor: Vendor) => Promise<VendorPlugin>,
): Promise<string | undefined> {
  const search = searches[type];
  if (search === undefined) return undefined;
  const plugin = await started(search.vendor);
  try {
    return search.found(await plugin.invoke(search.token, search.args(inputs)), inputs);
  } catch (error) {
    if (saysNotThere(error)) return undefined;
    throw error;
  }
}
