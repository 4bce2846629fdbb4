import type { PropertyType, Resource } from "./resource.ts";
import type { PropertyTable } from "./validate.ts";
import { isRecord, UNKNOWN } from "./values.ts";

type Values = Readonly<Record<string, unknown>>;

/** Name under which the outputs in the state note which inputs were given, as a mask. */
export const givenKey = "__given";

/** What an update would do. */
export interface Difference {
  /** Names of the inputs that differ. */
  readonly changed: readonly string[];
  /** Those of them that only a new resource can have. */
  readonly replacing: readonly string[];
}

/**
 * Compares what is wanted with what there is.
 *
 * @param outputs of the resource as the state has them, without marks of secrets
 * @param inputs that are wanted; one that is not known yet counts as changed
 */
export function compare({ inputs: table }: Pick<Resource, "inputs">, outputs: Values, inputs: Values): Difference {
  const givenBefore = Object.keys(recordOf(outputs[givenKey]));
  const changed = Object.entries(table).flatMap(([name, property]) => {
    if (isPresent(inputs[name])) return differs(property.shape, outputs[name], inputs[name]) ? [name] : [];
    return givenBefore.includes(name) && property.computed !== true ? [name] : [];
  });
  return { changed, replacing: changed.filter((name) => replaces(table, name, { outputs, inputs })) };
}

/** Whether a change of an input replaces: by itself, or by a part of it that does. */
function replaces(
  table: PropertyTable,
  name: string,
  { outputs, inputs }: { outputs: Values; inputs: Values },
): boolean {
  const property = table[name];
  if (property === undefined) return false;
  return property.replaces === true || partReplaces(property.shape, outputs[name], inputs[name]);
}

function partReplaces(shape: PropertyType, before: unknown, after: unknown): boolean {
  if (shape.type === "array") {
    const [old, wanted] = [listOf(before), listOf(after)];
    const places = Array.from({ length: Math.max(old.length, wanted.length) }, (_, at) => at);
    return places.some((at) => partReplaces(shape.items, old[at], wanted[at]));
  }
  if (shape.type !== "object") return false;
  const [old, wanted] = [recordOf(before), recordOf(after)];
  return Object.entries(shape.properties).some(([name, { shape: inner, replaces: forces }]) => {
    if (forces === true) return differs(inner, old[name], wanted[name]);
    return partReplaces(inner, old[name], wanted[name]);
  });
}

function differs(shape: PropertyType, before: unknown, after: unknown): boolean {
  if (after === UNKNOWN) return true;
  if (!isPresent(after)) return isPresent(before);
  switch (shape.type) {
    case "array": {
      if (!Array.isArray(before) || !Array.isArray(after) || before.length !== after.length) return true;
      return after.some((item, at) => differs(shape.items, before[at], item));
    }
    case "object": {
      if (!isRecord(before) || !isRecord(after)) return true;
      return Object.entries(shape.properties).some(([name, property]) => {
        if (!isPresent(after[name]) && property.computed === true) return false;
        return differs(property.shape, before[name], after[name]);
      });
    }
    default:
      return canonical(before) !== canonical(after);
  }
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function recordOf(value: unknown): Values {
  return isRecord(value) ? value : {};
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value === undefined) return "";
  if (!isRecord(value)) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${key}:${canonical(inner)}`).join()}}`;
}
