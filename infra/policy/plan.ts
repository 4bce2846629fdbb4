import { Value } from "./value.ts";

/** What a change does to a resource. */
export type Change = "create" | "update" | "replace" | "delete" | "same";

/** A resource as a change would leave it, or for one that goes, as it is. */
export interface PlannedResource {
  readonly urn: string;
  readonly type: string;
  /** Its logical name: the last part of the URN. */
  readonly name: string;
  /** What is done to it; undefined where the plan does not tell, as for a policy pack. */
  readonly change: Change | undefined;
  /** Properties for whose sake it is replaced. */
  readonly replaceReasons: readonly string[];
  /** What the program asks for. What the engine filled in by itself is left out. */
  readonly inputs: Value;
  /** What the program asked for the last time; empty for a new resource. */
  readonly before: Value;
  readonly parent: string | undefined;
  /** The resource that manages it: an explicit provider, or a default one. */
  readonly provider: string | undefined;
  /** All that it depends on, by URN. */
  readonly dependencies: readonly string[];
  /** Of these, what each property depends on. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly options: ResourceOptions;
}

/** Options of a resource that the state keeps. */
export interface ResourceOptions {
  readonly protect: boolean;
  /** Undefined where the plan does not tell. */
  readonly retainOnDelete: boolean | undefined;
  /** URN of what it goes with; undefined without one. */
  readonly deletedWith: string | undefined;
  readonly ignoreChanges: readonly string[];
  /** Undefined where the plan does not tell. */
  readonly replaceOnChanges: readonly string[] | undefined;
}

/** All resources of an environment as a change would leave them, and those that go. */
export class Plan {
  readonly resources: readonly PlannedResource[];
  private readonly byUrn: ReadonlyMap<string, PlannedResource>;

  constructor(resources: readonly PlannedResource[]) {
    this.resources = resources;
    this.byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  }

  /** The resource of a URN; undefined where the plan has none. */
  find(urn: string | undefined): PlannedResource | undefined {
    return urn === undefined ? undefined : this.byUrn.get(urn);
  }

  /** What is there after the change, of a type. */
  ofType(...types: readonly string[]): PlannedResource[] {
    return this.resources.filter(({ type, change }) => types.includes(type) && change !== "delete");
  }

  /** What the resource of a type is whose name begins so, for example every gate. */
  ofKind(prefix: string): PlannedResource[] {
    return this.resources.filter(({ type, change }) => type.startsWith(prefix) && change !== "delete");
  }

  /** Whether a resource waits for another, be it by way of others. It waits for what its component waits for. */
  dependsOn(resource: PlannedResource, isWanted: (one: PlannedResource) => boolean): boolean {
    const seen = new Set<string>();
    const open = waitsFor(resource);
    for (let urn = open.pop(); urn !== undefined; urn = open.pop()) {
      if (seen.has(urn)) continue;
      seen.add(urn);
      const found = this.byUrn.get(urn);
      if (found === undefined) continue;
      if (isWanted(found)) return true;
      open.push(...waitsFor(found));
    }
    return false;
  }

  /** Whether one of a resource's properties comes from another resource. */
  isFrom(resource: PlannedResource, property: string, urn: string): boolean {
    return (resource.propertyDependencies[property] ?? []).includes(urn);
  }
}

function waitsFor({ dependencies, parent }: PlannedResource): string[] {
  return parent === undefined ? [...dependencies] : [...dependencies, parent];
}

/** What a resource is made from, when only that is known of it. */
export const nothing = new Value(undefined);
