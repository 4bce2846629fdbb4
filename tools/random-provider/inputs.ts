import type { Recipe } from "./characters.ts";
import { UNKNOWN, isRecord, unwrap, type Properties } from "./values.ts";

export type ResourceType = "RandomPassword" | "RandomString" | "RandomId";
type Kind = "whole number" | "true or false" | "text" | "map of texts";

export interface Failure {
  property: string;
  reason: string;
}

const TEXT_INPUTS: Record<string, Kind> = {
  length: "whole number",
  lower: "true or false",
  upper: "true or false",
  numeric: "true or false",
  special: "true or false",
  minLower: "whole number",
  minUpper: "whole number",
  minNumeric: "whole number",
  minSpecial: "whole number",
  overrideSpecial: "text",
  keepers: "map of texts",
};

const INPUTS: Record<ResourceType, { kinds: Record<string, Kind>; required: string }> = {
  RandomPassword: { kinds: TEXT_INPUTS, required: "length" },
  RandomString: { kinds: TEXT_INPUTS, required: "length" },
  RandomId: {
    kinds: { byteLength: "whole number", prefix: "text", keepers: "map of texts" },
    required: "byteLength",
  },
};

/**
 * The resource's type from its URN (`urn:pulumi:stack::project::parents$package:module/name:Type::name`),
 * or undefined where this provider does not have it.
 */
export function resourceType(urn: string): { token: string; type: ResourceType | undefined } {
  const token = (urn.split("::")[2] ?? "").split("$").at(-1) ?? "";
  const type = (["RandomPassword", "RandomString", "RandomId"] as const).find(
    (name) => token === `random:index/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`,
  );
  return { token, type };
}

/** Every fault of a resource's inputs: of an unknown type, unknown, missing or wrongly typed inputs, impossible counts. */
export function checkInputs(urn: string, wrapped: Properties): Failure[] {
  const { token, type } = resourceType(urn);
  if (type === undefined) {
    return [{ property: "", reason: `this provider stands in for "random" and has no resource type "${token}"` }];
  }
  const inputs = given(wrapped);
  const { kinds, required } = INPUTS[type];
  const failures = Object.entries(inputs).flatMap(([property, value]): Failure[] => {
    const kind = kinds[property];
    if (kind === undefined) {
      return [{ property, reason: `${type} has no such input here; it has ${Object.keys(kinds).join(", ")}` }];
    }
    return value === UNKNOWN || fits(kind, value)
      ? []
      : [{ property, reason: `must be a ${kind}, not ${shown(value)}` }];
  });
  if (inputs[required] === undefined) failures.push({ property: required, reason: "is missing" });
  if (failures.length > 0 || Object.values(inputs).includes(UNKNOWN)) return failures;
  return type === "RandomId" ? checkBytes(inputs) : checkRecipe(recipeOf(inputs));
}

/** The recipe with the real provider's defaults: every class allowed, none demanded. */
export function recipeOf(inputs: Properties): Recipe {
  const flag = (name: string): boolean => inputs[name] !== false;
  const count = (name: string): number => (typeof inputs[name] === "number" ? inputs[name] : 0);
  const special = inputs["overrideSpecial"];
  return {
    length: count("length"),
    lower: flag("lower"),
    upper: flag("upper"),
    numeric: flag("numeric"),
    special: flag("special"),
    minLower: count("minLower"),
    minUpper: count("minUpper"),
    minNumeric: count("minNumeric"),
    minSpecial: count("minSpecial"),
    ...(typeof special === "string" && special !== "" ? { overrideSpecial: special } : {}),
  };
}

/** The inputs without the engine's own (`__…`), without absent ones, and without the marks of secrets. */
export function given(wrapped: Properties): Properties {
  return Object.fromEntries(
    Object.entries(wrapped)
      .map(([name, value]): [string, unknown] => [name, unwrap(value)])
      .filter(([name, value]) => !name.startsWith("__") && value !== null && value !== undefined),
  );
}

/** The names of the inputs that differ. Any of them makes a new value, as with the real provider. */
export function changedInputs(type: ResourceType, old: Properties, wanted: Properties): string[] {
  const before = withDefaults(type, given(old));
  const after = withDefaults(type, given(wanted));
  return Object.keys(INPUTS[type].kinds).filter((name) => canonical(before[name]) !== canonical(after[name]));
}

function withDefaults(type: ResourceType, inputs: Properties): Properties {
  return type === "RandomId" ? inputs : { ...inputs, ...recipeOf(inputs) };
}

function canonical(value: unknown): string {
  if (value === undefined) return "";
  if (!isRecord(value)) return JSON.stringify(value);
  return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function fits(kind: Kind, value: unknown): boolean {
  switch (kind) {
    case "whole number":
      return Number.isInteger(value) && typeof value === "number" && value >= 0;
    case "true or false":
      return typeof value === "boolean";
    case "text":
      return typeof value === "string";
    case "map of texts":
      return isRecord(value) && Object.values(value).every((inner) => typeof inner === "string");
  }
}

function shown(value: unknown): string {
  return typeof value === "object" ? "an object" : JSON.stringify(value);
}

function checkBytes(inputs: Properties): Failure[] {
  return inputs["byteLength"] === 0 ? [{ property: "byteLength", reason: "must be at least 1" }] : [];
}

function checkRecipe(recipe: Recipe): Failure[] {
  const least = Math.max(1, recipe.minLower + recipe.minUpper + recipe.minNumeric + recipe.minSpecial);
  if (recipe.length < least) {
    return [
      {
        property: "length",
        reason: `must be at least ${String(least)}: 1, and the sum of minLower, minUpper, minNumeric and minSpecial`,
      },
    ];
  }
  if (!(recipe.lower || recipe.upper || recipe.numeric || recipe.special)) {
    return [{ property: "lower", reason: "one of lower, upper, numeric and special must be true" }];
  }
  return [];
}
