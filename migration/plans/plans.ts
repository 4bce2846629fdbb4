import { dirfinal } from "./dirfinal/plan.ts";
import { learnmore } from "./learnmore/plan.ts";
import { listcutter } from "./listcutter/plan.ts";
import { openlearn } from "./openlearn/plan.ts";
import type { Plan } from "./plan.ts";
import { unpuzzle } from "./unpuzzle/plan.ts";

/** The plans that exist, by the system that each of them moves. */
export const plans: ReadonlyMap<string, Plan> = new Map(
  [learnmore, dirfinal, unpuzzle, openlearn, listcutter].map((plan) => [plan.system, plan]),
);
