import { passwordSchemes } from "../passwords.ts";
import type { Plan } from "../plan.ts";
import { accounts, accountViews } from "./accounts.ts";
import { learning, learningViews } from "./learning.ts";
import { records } from "./records.ts";
import { shape } from "./shape.ts";

/** Unpuzzle: Flask on MariaDB. */
export const unpuzzle: Plan = {
  system: "unpuzzle",
  window: 3,
  engine: "mariadb",
  shape,
  views: [...accountViews, ...learningViews],
  tables: [...accounts, ...learning, ...records],
  // The system has roles alone.
  rights: `SELECT m.user_id::text AS holder, 'role:' || coalesce(r.name, '#' || r.id) AS holding
  FROM {user_roles} m JOIN {users} u ON u.id = m.user_id JOIN {roles} r ON r.id = m.role_id`,
  tallies: [passwordSchemes("users", "coalesce(password, '!')")],
};
