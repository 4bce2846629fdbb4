import { passwordSchemes } from "../passwords.ts";
import type { Plan } from "../plan.ts";
import { accounts, accountViews } from "./accounts.ts";
import { directory } from "./directory.ts";
import { media, mediaViews } from "./media.ts";
import { records } from "./records.ts";
import { isName } from "./rules.ts";
import { shape } from "./shape.ts";

/** dirfinal: Flask on SQLite. Its columns hold what they were given, and no foreign key was ever enforced. */
export const dirfinal: Plan = {
  system: "dirfinal",
  window: 2,
  engine: "sqlite",
  shape,
  views: [...accountViews, ...mediaViews],
  tables: [...accounts, ...directory, ...records, ...media],
  // An administrator may do everything there.
  rights: `SELECT u.id::text AS holder, 'role:' || u.role AS holding FROM {user} u WHERE ${isName("u.role")}
    UNION ALL
    (SELECT u.id::text, 'dirfinal.' || p.permission FROM {user} u JOIN {user_permission} p ON p.user_id = u.id
     UNION SELECT u.id::text, 'dirfinal.' || p.name FROM {user} u CROSS JOIN {permission} p WHERE u.is_admin)`,
  tallies: [passwordSchemes("user", "coalesce(t.password_hash, '!')")],
};
