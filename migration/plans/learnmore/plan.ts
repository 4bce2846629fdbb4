import { djangoRights } from "../django.ts";
import { passwordSchemes } from "../passwords.ts";
import type { Plan } from "../plan.ts";
import { accounts } from "./accounts.ts";
import { learning } from "./learning.ts";
import { quizzes } from "./quizzes.ts";
import { records } from "./records.ts";
import { shape } from "./shape.ts";

/** LearnMore: Django on PostgreSQL. */
export const learnmore: Plan = {
  system: "learnmore",
  window: 1,
  engine: "postgresql",
  shape,
  tables: [...accounts, ...learning, ...quizzes, ...records],
  rights: djangoRights,
  tallies: [passwordSchemes("auth_user", "password")],
};
