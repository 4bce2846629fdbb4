import type { Property, PropertyType } from "../plugin/resource.ts";

/** Types of properties, in short. */
export const string: PropertyType = { type: "string" };
export const integer: PropertyType = { type: "integer" };
export const boolean: PropertyType = { type: "boolean" };
export const strings: PropertyType = { type: "array", items: string };
export const integers: PropertyType = { type: "array", items: integer };
export const stringMap: PropertyType = { type: "map", values: string };

/** A list of objects. */
export function objects(properties: Readonly<Record<string, Property>>): PropertyType {
  return { type: "array", items: { type: "object", properties } };
}

/** A property that may be given. */
export function optional(shape: PropertyType): Property {
  return { shape };
}

/** A property that must be given. */
export function required(shape: PropertyType): Property {
  return { shape, required: true };
}

/** A property that may be given and that the vendor fills in otherwise. */
export function computed(shape: PropertyType): Property {
  return { shape, computed: true };
}

/** The same property, a change of which replaces the resource. */
export function replacing(property: Property): Property {
  return { ...property, replaces: true };
}
