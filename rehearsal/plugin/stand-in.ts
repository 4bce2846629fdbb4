import type {
  CheckResult,
  CreateResult,
  DiffResult,
  InvokeResult,
  Provider,
  ReadResult,
  UpdateResult,
} from "@pulumi/pulumi/provider/index.js";
import { isDeepStrictEqual } from "node:util";
import type { Cloud } from "../cloud/cloud.ts";
import { obeyFaults, type Operation } from "../cloud/faults.ts";
import { compare, givenKey } from "./compare.ts";
import { masked, maskOf } from "./mask.ts";
import type { Fault, Invoke, Properties, Resource, Vendor } from "./resource.ts";
import { checkProperties } from "./validate.ts";
import { given, hasSecret, markSecret, unwrap, type Wrapped } from "./values.ts";

/** Serves the engine as a vendor's provider, with what stands in for the vendor. */
export class StandIn implements Provider {
  readonly version: string;
  readonly schema: string;
  readonly #vendor: Vendor;
  readonly #cloud: Cloud;
  readonly #cancelled = new AbortController();

  constructor(vendor: Vendor, cloud: Cloud, version: string) {
    this.#vendor = vendor;
    this.#cloud = cloud;
    this.version = version;
    this.schema = JSON.stringify({ name: vendor.name, version, resources: {} });
  }

  check(urn: string, _old: Wrapped, wanted: Wrapped): Promise<CheckResult> {
    const token = tokenOf(urn);
    const resource = this.#find(this.#vendor.resources, token);
    const failures = resource === undefined ? [this.#noStandIn(token)] : checkInputs(resource, given(wanted));
    return Promise.resolve({ inputs: wanted, failures });
  }

  diff(_id: string, urn: string, old: Wrapped, wanted: Wrapped): Promise<DiffResult> {
    const before = { ...given(old), [givenKey]: old[givenKey] };
    const { changed, replacing } = compare(this.#resource(urn), before, given(wanted));
    return Promise.resolve({ changes: changed.length > 0, replaces: [...replacing] });
  }

  async create(urn: string, inputs: Wrapped): Promise<CreateResult> {
    const resource = await this.#call("create", urn);
    const { id, outputs } = await resource.create(this.#cloud, given(inputs));
    return { id, outs: marked(resource, outputs, inputs) };
  }

  async read(wanted: string, urn: string, properties: Wrapped = {}): Promise<ReadResult> {
    const resource = await this.#call("read", urn);
    // What is imported is named together with what it is in: `firewall,device` and `zone/record`.
    const id = wanted.split(/[,/]/).at(-1) ?? wanted;
    // Cloudflare's are found by their zone only, so they read it out of the whole.
    const outputs = await resource.read(this.#cloud, wanted.includes("/") ? wanted : id, given(properties));
    // An answer without an id says that the resource is gone.
    if (outputs === undefined) return { id: "" };
    const props = marked(resource, outputs, properties);
    const mask = properties[givenKey] ?? maskOf(pick(outputs, Object.keys(resource.inputs)));
    return { id, props: { ...props, [givenKey]: mask }, inputs: masked(props, mask) };
  }

  async update(id: string, urn: string, old: Wrapped, inputs: Wrapped): Promise<UpdateResult> {
    const resource = await this.#call("update", urn);
    const outputs = await resource.update(this.#cloud, { id, before: given(old), inputs: given(inputs) });
    return { outs: marked(resource, outputs, inputs) };
  }

  async delete(id: string, urn: string, properties: Wrapped): Promise<void> {
    const resource = await this.#call("delete", urn);
    await resource.remove(this.#cloud, id, given(properties));
  }

  async invoke(token: string, wrapped: Wrapped): Promise<InvokeResult> {
    const found: Invoke | undefined = this.#find(this.#vendor.invokes, token);
    if (found === undefined) throw new Error(this.#noStandIn(token).reason);
    const values = given(wrapped);
    const failures = checkProperties(found.arguments, values);
    if (failures.length > 0) return { failures, outputs: {} };
    this.#authenticate();
    await obeyFaults(this.#cloud, this.#callOf("invoke", token), this.#cancelled.signal);
    const outputs = await found.call(this.#cloud, values);
    // The engine's protocol knows no undefined.
    return { outputs: JSON.parse(JSON.stringify(outputs)) as Properties };
  }

  /** Ends waits that only faults make; called at every normal end, too. */
  cancel(): Promise<void> {
    this.#cancelled.abort();
    return Promise.resolve();
  }

  /** What every call to the vendor's API goes through first. */
  async #call(operation: Operation, urn: string): Promise<Resource> {
    const resource = this.#resource(urn);
    this.#authenticate();
    await obeyFaults(this.#cloud, this.#callOf(operation, resource.token), this.#cancelled.signal);
    return resource;
  }

  #callOf(operation: Operation, token: string): { vendor: string; token: string; operation: Operation } {
    return { vendor: this.#vendor.name, token, operation };
  }

  #resource(urn: string): Resource {
    const token = tokenOf(urn);
    const resource = this.#find(this.#vendor.resources, token);
    if (resource === undefined) throw new Error(this.#noStandIn(token).reason);
    return resource;
  }

  #find<T extends { readonly token: string }>(known: readonly T[], token: string): T | undefined {
    return known.find((one) => one.token === token);
  }

  #noStandIn(token: string): Fault {
    const { name, resources, invokes } = this.#vendor;
    const known = [...resources, ...invokes].map((one) => one.token).join(", ");
    return { property: "", reason: `the rehearsal has no stand-in for ${token}; of ${name} it has ${known}` };
  }

  /** A real token must never come here, and a stand-in must never seem to serve a real account. */
  #authenticate(): void {
    const { name, tokenVariable } = this.#vendor;
    const token = process.env[tokenVariable];
    if (token === this.#vendor.token(this.#cloud)) return;
    const found = token === undefined || token === "" ? "is not set" : "is not the token of this rehearsal cloud";
    throw new Error(
      `[401] Invalid Token: ${tokenVariable} ${found}. The stand-in for ${name} serves the rehearsal of ` +
        `"${this.#cloud.stack}" and never a real account. Run it by "npm run rehearse", which sets the token.`,
    );
  }
}

function checkInputs(resource: Resource, inputs: Properties): Fault[] {
  const faults = checkProperties(resource.inputs, inputs);
  // The vendor's rules may rely on the types.
  return faults.length > 0 ? faults : resource.check(inputs);
}

/**
 * Outputs with the marks of secrets: those that the vendor calls secret, and inputs that came as secrets. Only marked
 * ones are encrypted in the state.
 *
 * @param wrapped the inputs, or the outputs of before, with their marks
 */
function marked(resource: Resource, outputs: Properties, wrapped: Wrapped): Wrapped {
  const present = Object.entries(outputs).filter(([, value]) => value !== undefined && value !== null);
  const outs = present.map(([name, value]): [string, unknown] => {
    const before = wrapped[name];
    if (resource.secretOutputs.includes(name) || resource.inputs[name]?.secret === true)
      return [name, markSecret(value)];
    if (!hasSecret(before)) return [name, value];
    // The marks stay on the very parts that came with them, as long as nothing else about the value has changed.
    return [name, isDeepStrictEqual(unwrap(before), value) ? before : markSecret(value)];
  });
  return { ...Object.fromEntries(outs), [givenKey]: maskOf(given(wrapped)) };
}

function pick(values: Properties, names: readonly string[]): Properties {
  const present = names.filter((name) => values[name] !== undefined && values[name] !== null);
  return Object.fromEntries(present.map((name) => [name, values[name]]));
}

/** The type in a URN: `urn:pulumi:stack::project::parents$linode:index/instance:Instance::name`. */
function tokenOf(urn: string): string {
  return (urn.split("::")[2] ?? "").split("$").at(-1) ?? "";
}
