import type { Cloud } from "../cloud/cloud.ts";

/** Type of a property, as Pulumi's package schemas have it. */
export type PropertyType =
  | { readonly type: "string" | "integer" | "number" | "boolean" | "any" }
  | { readonly type: "array"; readonly items: PropertyType }
  | { readonly type: "map"; readonly values: PropertyType }
  | { readonly type: "object"; readonly properties: Readonly<Record<string, Property>> };

/** A property of a resource. */
export interface Property {
  readonly shape: PropertyType;
  readonly required?: boolean;
  /** Whether a change of it replaces the resource. */
  readonly replaces?: boolean;
  /** Whether the vendor fills it in when it is not given: leaving it out then changes nothing. */
  readonly computed?: boolean;
  /** Whether the state keeps it encrypted. */
  readonly secret?: boolean;
}

/** What is wrong with an input, in the vendor's words. */
export interface Fault {
  /** Path of the property, for example `interfaces[0].purpose`. */
  readonly property: string;
  readonly reason: string;
}

/** Properties by name, secrets unwrapped. */
export type Properties = Readonly<Record<string, unknown>>;

/** A kind of resource that is stood in for. */
export interface Resource {
  /** Token, for example `linode:index/instance:Instance`. */
  readonly token: string;
  /** What may be given. The harness refuses unknown, missing and wrongly typed ones by it. */
  readonly inputs: Readonly<Record<string, Property>>;
  /** Outputs that the state keeps encrypted besides secret inputs. */
  readonly secretOutputs: readonly string[];
  /** The vendor's rules beyond names and types. Unknown values are the engine's sentinel and must be let through. */
  check(inputs: Properties): Fault[];
  /** Makes it. Resolves with its id and all of its outputs, the inputs among them. */
  create(cloud: Cloud, inputs: Properties): Promise<{ id: string; outputs: Properties }>;
  /** Its outputs as they are now, or undefined when it is gone. */
  read(cloud: Cloud, id: string, outputs: Properties): Promise<Properties | undefined>;
  /** Changes it in place. Resolves with all of its outputs. */
  update(cloud: Cloud, change: Change): Promise<Properties>;
  /** Removes it. One that is gone is a success. */
  remove(cloud: Cloud, id: string, outputs: Properties): Promise<void>;
}

/** A change in place. */
export interface Change {
  readonly id: string;
  readonly before: Properties;
  readonly inputs: Properties;
}

/** A function of the vendor's that is stood in for, for example `cloudflare:index/getZone:getZone`. */
export interface Invoke {
  readonly token: string;
  readonly arguments: Readonly<Record<string, Property>>;
  call(cloud: Cloud, given: Properties): Promise<Properties>;
}

/** A vendor's provider that is stood in for. */
export interface Vendor {
  /** Package name: `linode`, `cloudflare`. */
  readonly name: string;
  /** Name of the token's variable in the environment, for example `LINODE_TOKEN`. */
  readonly tokenVariable: string;
  /** The token that the cloud gave out. */
  token(cloud: Cloud): string;
  readonly resources: readonly Resource[];
  readonly invokes: readonly Invoke[];
}
