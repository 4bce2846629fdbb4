import type { Plan } from "@landfall/migration/plans/plan";
import { plans } from "@landfall/migration/plans/plans";
import type pg from "pg";
import type { Request } from "./arguments.ts";
import type { Output } from "./output.ts";

/** What a command works with. */
export interface Context {
  readonly request: Request;
  readonly output: Output;
  /** Takes a command's result, or a part of it; resolves when there is room for more. */
  readonly print: (text: string) => Promise<void>;
  /** Asks to end between two chunks. */
  readonly signal: AbortSignal;
  readonly release: string;
}

/** The plan of the request's system, which the command line has been held against. */
export function planOf({ system }: Request): Plan {
  const plan = plans.get(system);
  if (plan === undefined) throw new Error(`There is no plan for ${system}.`);
  return plan;
}

/** The target's address, which the command line has been held against. */
export function targetOf({ target }: Request): { readonly shown: string; readonly config: pg.ClientConfig } {
  if (target === undefined) throw new Error("No target is given.");
  return target;
}
