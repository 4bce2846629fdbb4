import type { Fault, Property, PropertyType } from "./resource.ts";
import { isRecord, UNKNOWN } from "./values.ts";

/** A table of properties, as resources and functions have them. */
export type PropertyTable = Readonly<Record<string, Property>>;

/**
 * Holds values against a table: unknown, missing and wrongly typed properties, at any depth, all at once.
 * A value that is not known yet fits everything.
 *
 * @param values without the marks of secrets
 * @param path of the values themselves, empty for a resource's inputs
 */
export function checkProperties(table: PropertyTable, values: Readonly<Record<string, unknown>>, path = ""): Fault[] {
  const inside = (name: string): string => (path === "" ? name : `${path}.${name}`);
  const faults = Object.entries(values).flatMap(([name, value]): Fault[] => {
    if (value === undefined || value === null) return [];
    const property = table[name];
    if (property !== undefined) return checkValue(property.shape, value, inside(name));
    return [
      { property: inside(name), reason: `there is no such property; there are ${Object.keys(table).join(", ")}` },
    ];
  });
  const missing = Object.entries(table)
    .filter(([name, { required }]) => required === true && (values[name] === undefined || values[name] === null))
    .map(([name]) => ({ property: inside(name), reason: "is required and missing" }));
  return [...faults, ...missing];
}

function checkValue(shape: PropertyType, value: unknown, path: string): Fault[] {
  if (value === UNKNOWN) return [];
  switch (shape.type) {
    case "any":
      return [];
    case "array":
      if (!Array.isArray(value)) return [mismatch(path, "a list", value)];
      return value.flatMap((item, at) => checkValue(shape.items, item, `${path}[${String(at)}]`));
    case "map":
      if (!isRecord(value)) return [mismatch(path, "a map", value)];
      return Object.entries(value).flatMap(([key, item]) => checkValue(shape.values, item, `${path}.${key}`));
    case "object":
      return isRecord(value) ? checkProperties(shape.properties, value, path) : [mismatch(path, "an object", value)];
    case "integer":
      return Number.isSafeInteger(value) ? [] : [mismatch(path, "a whole number", value)];
    case "string":
    case "number":
    case "boolean":
      return typeof value === shape.type ? [] : [mismatch(path, names[shape.type], value)];
  }
}

const names = { string: "a text", number: "a number", boolean: "true or false" } as const;

function mismatch(property: string, wanted: string, value: unknown): Fault {
  const found = Array.isArray(value) ? "a list" : isRecord(value) ? "an object" : JSON.stringify(value);
  return { property, reason: `must be ${wanted}, and is ${found}` };
}
