import { learnmore } from "./learnmore/plan.ts";
import type { Plan } from "./plan.ts";

/** The plans that exist, by the system that each of them moves. */
export const plans: ReadonlyMap<string, Plan> = new Map([learnmore].map((plan) => [plan.system, plan]));
