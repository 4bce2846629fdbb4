import type { OutputInstance } from "@pulumi/pulumi";
import type { Property } from "../plugin/resource.ts";

/** Whether a type is `any`. */
type IsAny<T> = 0 extends 1 & T ? true : false;

/** What an input is once it is known. */
type Known<T> = Exclude<T, Promise<unknown> | OutputInstance<unknown> | undefined>;

/** The shape that a value of a type of the SDK's has. */
export type ShapeFor<T> =
  IsAny<T> extends true
    ? { readonly type: "any" }
    : Known<T> extends string
      ? { readonly type: "string" }
      : Known<T> extends number
        ? { readonly type: "integer" | "number" }
        : Known<T> extends boolean
          ? { readonly type: "boolean" }
          : Known<T> extends readonly (infer Item)[]
            ? { readonly type: "array"; readonly items: ShapeFor<Item> }
            : { readonly type: "object"; readonly properties: TableFor<Known<T>> };

/**
 * The table of a resource's or function's arguments that fits the SDK's own type of them: every argument, none besides,
 * each with its type, required where it is. A table that does not fit does not compile.
 */
export type TableFor<Args> = {
  readonly [Name in keyof Args]-?: Omit<Property, "shape" | "required"> & {
    readonly shape: ShapeFor<Args[Name]>;
  } & (object extends Pick<Args, Name> ? { readonly required?: false } : { readonly required: true });
};

/** The usual shapes. */
export const text = { type: "string" } as const;
/** A whole number. */
export const integer = { type: "integer" } as const;
/** A number. */
export const number = { type: "number" } as const;
/** True or false. */
export const boolean = { type: "boolean" } as const;
/** Anything. */
export const anything = { type: "any" } as const;
