/**
 * Stands in for Pulumi's random provider where that one cannot be had: the resources that the project uses, with the
 * operating system's random numbers, and with values that the engine keeps encrypted.
 */
import { randomBytes } from "node:crypto";
import bcrypt from "bcryptjs";
import type {
  CheckResult,
  CreateResult,
  DiffResult,
  Provider,
  ReadResult,
  UpdateResult,
} from "@pulumi/pulumi/provider/index.js";
import { drawText } from "./characters.ts";
import { changedInputs, checkInputs, given, recipeOf, resourceType, type ResourceType } from "./inputs.ts";
import { secret, type Properties } from "./values.ts";

/** bcrypt's default cost in the real provider (golang.org/x/crypto/bcrypt.DefaultCost). */
const BCRYPT_COST = 10;

function typeOf(urn: string): ResourceType {
  const { token, type } = resourceType(urn);
  if (type === undefined) throw new Error(`this provider stands in for "random" and has no resource type "${token}"`);
  return type;
}

/**
 * Makes a new resource's id and its outputs: the values drawn, the defaults, and the inputs as they came, so that an
 * input given as a secret stays one.
 */
export async function drawResource(type: ResourceType, wrapped: Properties): Promise<{ id: string; outs: Properties }> {
  const inputs = given(wrapped);
  if (type === "RandomId") {
    const bytes = randomBytes(Number(inputs["byteLength"]));
    const prefix = typeof inputs["prefix"] === "string" ? inputs["prefix"] : "";
    const id = bytes.toString("base64url");
    const hex = bytes.toString("hex");
    const values = { hex, dec: BigInt(`0x${hex}`).toString(), b64Std: bytes.toString("base64"), b64Url: id };
    return {
      id,
      outs: {
        ...wrapped,
        ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, prefix + value])),
      },
    };
  }
  const recipe = recipeOf(inputs);
  const result = drawText(recipe);
  const outs = { ...recipe, number: recipe.numeric, ...wrapped };
  if (type === "RandomString") return { id: result, outs: { ...outs, result } };
  const bcryptHash = await bcrypt.hash(result, BCRYPT_COST);
  return { id: "none", outs: { ...outs, result: secret(result), bcryptHash: secret(bcryptHash) } };
}

/** The provider that the engine talks to, of the version of the npm package @pulumi/random that it serves. */
export class RandomProvider implements Provider {
  readonly version: string;
  readonly schema: string;

  constructor(version: string) {
    this.version = version;
    this.schema = JSON.stringify({ name: "random", version, resources: {} });
  }

  check(urn: string, _old: Properties, wanted: Properties): Promise<CheckResult> {
    return Promise.resolve({ inputs: wanted, failures: checkInputs(urn, wanted) });
  }

  diff(_id: string, urn: string, old: Properties, wanted: Properties): Promise<DiffResult> {
    const replaces = changedInputs(typeOf(urn), old, wanted);
    return Promise.resolve({ changes: replaces.length > 0, replaces });
  }

  async create(urn: string, inputs: Properties): Promise<CreateResult> {
    return drawResource(typeOf(urn), inputs);
  }

  read(id: string, _urn: string, properties?: Properties): Promise<ReadResult> {
    if (properties === undefined || Object.keys(properties).length === 0) {
      throw new Error(`"${id}" cannot be imported: the provider that stands in for "random" only makes new values`);
    }
    return Promise.resolve({ id, props: properties });
  }

  update(_id: string, _urn: string, old: Properties, _wanted: Properties): Promise<UpdateResult> {
    return Promise.resolve({ outs: old });
  }

  delete(): Promise<void> {
    return Promise.resolve();
  }

  invoke(token: string): Promise<never> {
    return Promise.reject(new Error(`the provider that stands in for "random" has no function "${token}"`));
  }
}
