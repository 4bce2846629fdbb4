import type { Plan, PlannedResource } from "./plan.ts";
import { remains, types } from "./resource-types.ts";

/** Whether a resource is a container that is there after the change. */
export const isContainer = remains(types.container);

/**
 * What a container is, by its label `landfall.service`, for example `postgres` or `app-4f1c`; by its name without one.
 *
 * @throws NotTellable
 */
export function serviceOf({ inputs, name }: PlannedResource): string {
  const label = inputs
    .at("labels")
    .items()
    .find((one) => one.at("label").text() === "landfall.service");
  return label?.at("value").text() ?? name;
}

/** Whether a container is expected to end, as a job does. @throws NotTellable */
export function isJob({ inputs }: PlannedResource): boolean {
  const mustRun = inputs.at("mustRun");
  return mustRun.isGiven && !mustRun.isTrue();
}

/** Whether a container is a release of the service. @throws NotTellable */
export function isRelease(container: PlannedResource): boolean {
  return serviceOf(container).startsWith("app-");
}

/** Whether a container is the proxy before all, the one part that the internet may reach. @throws NotTellable */
export function isEdgeProxy(container: PlannedResource): boolean {
  return serviceOf(container) === "proxy";
}

/** Whether a container is of the data tier: nobody but the service and its jobs has any business with it. @throws NotTellable */
export function isDataTier(container: PlannedResource): boolean {
  return /^(postgres|pgbouncer|redis|elasticsearch|legacy-.+)$/.test(serviceOf(container));
}

/** A network that a container is on; undefined when the program has none of that name on its server. */
export function networkOf(plan: Plan, container: PlannedResource, name: string): PlannedResource | undefined {
  return plan
    .ofType(types.network)
    .find(({ inputs, provider }) => provider === container.provider && inputs.at("name").text() === name);
}

/** Whether a network is the one by which a server reaches the others. */
export function isForPeers(network: PlannedResource): boolean {
  return /(^|-)peers$/.test(network.name);
}
