import type { Plan } from "../plan.ts";
import { accounts } from "./accounts.ts";
import { learning } from "./learning.ts";
import { quizzes } from "./quizzes.ts";
import { records } from "./records.ts";
import { shape } from "./shape.ts";

const scheme = (column: string): string =>
  `CASE WHEN ${column} LIKE '!%' THEN 'unusable' ELSE split_part(${column}, '$', 1) END`;

/** LearnMore: Django on PostgreSQL. */
export const learnmore: Plan = {
  system: "learnmore",
  window: 1,
  engine: "postgresql",
  shape,
  tables: [...accounts, ...learning, ...quizzes, ...records],
  rights: `WITH granted AS (
    SELECT u.id AS user_id, g.permission_id
    FROM {auth_user} u JOIN {auth_user_groups} m ON m.user_id = u.id JOIN {auth_group_permissions} g ON g.group_id = m.group_id
    UNION
    SELECT u.id, d.permission_id FROM {auth_user} u JOIN {auth_user_user_permissions} d ON d.user_id = u.id
    UNION
    SELECT u.id, p.id FROM {auth_user} u CROSS JOIN {auth_permission} p WHERE u.is_superuser
  )
  SELECT g.user_id::text AS holder, c.app_label || '.' || c.model || '.' || p.codename AS holding
  FROM granted g JOIN {auth_permission} p ON p.id = g.permission_id JOIN django_content_type c ON c.id = p.content_type_id
  UNION ALL
  SELECT m.user_id::text, 'role:' || r.name
  FROM {auth_user_groups} m JOIN {auth_user} u ON u.id = m.user_id JOIN {auth_group} r ON r.id = m.group_id`,
  tallies: [
    {
      name: "password-schemes",
      source: "auth_user",
      sourceGroup: scheme("password"),
      target: "accounts.users",
      targetGroup: scheme("password"),
    },
  ],
};
