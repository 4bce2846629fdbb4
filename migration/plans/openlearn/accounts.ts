import { unknownScheme } from "../passwords.ts";
import { computed, copy, id, named, reference, type MappedTable, type PlanTable, type View } from "../plan.ts";
import { clearUnreadableInstant } from "../rules.ts";
import { fromUtc, inUtc } from "./utc.ts";

/** What the legacy system keeps in a column of `users`, and we keep in rows. */
export const views: readonly View[] = [
  {
    name: "role",
    sql: "SELECT DISTINCT u.role AS name FROM {users} u WHERE u.role <> ''",
    columns: { name: "character varying" },
    reason: "a role is a word in each user's row; here it is a row of its own",
  },
  {
    name: "user_role",
    sql: "SELECT u.id AS user_id, u.role FROM {users} u WHERE u.role <> ''",
    columns: { user_id: "integer", role: "character varying" },
    reason: "a user has one role there, and any number of them here",
  },
];

// The e-mail as a name. It is taken where a user of a lower number has it; these are looked up once for all rows.
const taken = `t.id = ANY (ARRAY(SELECT d.id FROM
  (SELECT o.id, row_number() OVER (PARTITION BY o.email ORDER BY o.id) AS turn FROM users o WHERE o.email <> '') d
  WHERE d.turn > 1))`;

const users: MappedTable = {
  disposition: "mapped",
  source: "users",
  target: "accounts.users",
  key: "id",
  range: { column: "id", target: "id", kind: "integer" },
  columns: {
    id: id("id"),
    username: computed({ from: ["email"], sql: "t.email", type: "text" }),
    email: copy("email", "text"),
    first_name: computed({ from: [], sql: "''", type: "text" }),
    last_name: computed({ from: [], sql: "''", type: "text" }),
    password: copy("hashed_password", "text"),
    password_reset_required: computed({ from: ["hashed_password"], sql: "false", type: "boolean" }),
    is_active: computed({ from: [], sql: "true", type: "boolean" }),
    is_staff: computed({ from: ["role"], sql: "t.role IS NOT DISTINCT FROM 'admin'", type: "boolean" }),
    is_superuser: computed({ from: [], sql: "false", type: "boolean" }),
    joined_at: inUtc("created_at"),
  },
  repairs: [
    {
      name: "username-missing",
      column: "username",
      when: "coalesce(t.email, '') = ''",
      then: "'user ' || t.id",
      reason: "users are known by their e-mail; one without is known by the number",
    },
    {
      name: "email-doubled",
      column: "username",
      when: taken,
      then: "t.email || ' #' || t.id",
      reason: "users are known by their e-mail; where several have the same one, the others get their number to it",
    },
    {
      name: "email-missing",
      column: "email",
      when: "t.email IS NULL",
      then: "''",
      reason: "no e-mail is an empty one",
    },
    {
      name: "password-missing",
      column: "password",
      when: "t.hashed_password IS NULL",
      then: "'!'",
      reason: "nobody could sign in without a password, and nobody can",
    },
    unknownScheme("hashed_password"),
    clearUnreadableInstant("created_at", "joined_at"),
    { name: "role-empty", column: "is_staff", when: "t.role = ''", reason: "an empty role is none" },
  ],
  unique: [["username"]],
  back: {
    role: `CASE WHEN legacy_extra ? 'role' THEN legacy_extra ->> 'role' ELSE
           (SELECT r.name FROM accounts.user_roles m JOIN accounts.roles r ON r.id = m.role_id
            WHERE m.user_id = users.id AND m.source_system = users.source_system) END`,
    created_at: fromUtc("created_at", "joined_at"),
  },
};

const roles: MappedTable = {
  disposition: "mapped",
  source: "role",
  target: "accounts.roles",
  key: "name",
  range: { column: "name", target: "name", kind: "text" },
  columns: { id: named("name"), name: copy("name", "text") },
  unique: [["id"]],
};

const userRoles: MappedTable = {
  disposition: "mapped",
  source: "user_role",
  target: "accounts.user_roles",
  key: "user_id",
  range: { column: "user_id", target: "user_id", kind: "integer" },
  columns: { user_id: reference("user_id", "users"), role_id: reference("role", "role") },
};

/** People, who sign in by e-mail, and the one role that each has. */
export const accounts: readonly PlanTable[] = [users, roles, userRoles];
