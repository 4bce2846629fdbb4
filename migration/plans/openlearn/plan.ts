import { passwordSchemes } from "../passwords.ts";
import type { Plan } from "../plan.ts";
import { accounts, views } from "./accounts.ts";
import { intelligence } from "./intelligence.ts";
import { shape } from "./shape.ts";

/** OpenLearn, or Colombia Intel: FastAPI on PostgreSQL. */
export const openlearn: Plan = {
  system: "openlearn",
  window: 4,
  engine: "postgresql",
  shape,
  views,
  tables: [...accounts, ...intelligence],
  rights: "SELECT u.id::text AS holder, 'role:' || u.role AS holding FROM {users} u WHERE u.role <> ''",
  tallies: [passwordSchemes("users", "coalesce(hashed_password, '!')")],
};
