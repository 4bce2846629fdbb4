import { unknownScheme } from "../passwords.ts";
import { filled } from "../filled.ts";
import { computed, copy, id, named, reference, type MappedTable, type PlanTable, type View } from "../plan.ts";
import { back, isName, longestName } from "./rules.ts";

const limit = longestName.toString();

/** What the legacy system keeps in a column of `user` and in the names of permissions, and we keep in rows. */
export const accountViews: readonly View[] = [
  {
    name: "role",
    sql: `SELECT DISTINCT u.role AS name FROM {user} u WHERE ${isName("u.role")}`,
    columns: { name: "text" },
    reason: "a role is a word in each user's row; here it is a row of its own",
  },
  {
    name: "user_role",
    sql: `SELECT u.id AS user_id, u.role FROM {user} u WHERE ${isName("u.role")}`,
    columns: { user_id: "bigint", role: "text" },
    reason: "a user has one role there, and any number of them here",
  },
  {
    name: "permission",
    sql: `SELECT DISTINCT p.permission AS name FROM {user_permission} p WHERE ${isName("p.permission")}`,
    columns: { name: "text" },
    reason: "a permission is a word in the row of each user who has it; here it is a row of its own",
  },
];

const users: MappedTable = {
  disposition: "mapped",
  source: "user",
  target: "accounts.users",
  key: "id",
  range: { column: "id", target: "id", kind: "integer" },
  columns: {
    id: id("id"),
    username: copy("username", "text"),
    email: copy("email", "text"),
    first_name: computed({ from: [], sql: "''", type: "text" }),
    last_name: computed({ from: [], sql: "''", type: "text" }),
    password: copy("password_hash", "text"),
    // Made of nothing, so that a repair keeps no second copy of the password.
    password_reset_required: computed({ from: [], sql: "false", type: "boolean" }),
    is_active: copy("approved", "boolean"),
    is_staff: computed({ from: ["role"], sql: "coalesce(t.role IN ('admin', 'moderator'), false)", type: "boolean" }),
    is_superuser: copy("is_admin", "boolean"),
    score: copy("score", "bigint"),
    joined_at: copy("created_at", "timestamptz"),
    last_sign_in_at: copy("last_seen", "timestamptz"),
  },
  repairs: [
    {
      name: "username-missing",
      column: "username",
      when: "coalesce(t.username, '') = ''",
      then: "'#' || t.id",
      reason: "a user without a name is known by the number",
    },
    {
      name: "username-too-long",
      column: "username",
      when: `octet_length(t.username) > ${limit}`,
      then: "left(t.username, 200) || '#' || t.id",
      reason: "no index holds such a name; so much of it and the number stand for it",
    },
    {
      name: "username-doubled",
      column: "username",
      when: `${isName("t.username")} AND t.id IN (SELECT d.id FROM
        (SELECT o.id, row_number() OVER (PARTITION BY o.username ORDER BY o.id) AS turn FROM "user" o) d WHERE d.turn > 1)`,
      then: "t.username || '#' || t.id",
      reason:
        "the legacy system let several users have one name and signed in the first alone; the others get their number to it",
    },
    filled("email", { target: "email", then: "''", reason: "no e-mail is an empty one" }),
    {
      name: "email-too-long",
      column: "email",
      when: `octet_length(t.email) > ${limit}`,
      then: "''",
      reason: "no mail goes to such an address, and no index holds it",
    },
    filled("password_hash", { target: "password", then: "'!'", reason: "nobody could sign in without a password" }),
    unknownScheme("password_hash"),
    filled("approved", { target: "is_active", then: "false", reason: "who was not approved could not sign in" }),
    filled("is_admin", { target: "is_superuser", then: "false", reason: "rights are given, and these were not" }),
    {
      name: "role-no-name",
      column: "is_staff",
      when: `NOT (${isName("t.role")})`,
      reason: `the role is empty, or longer than the ${limit} bytes that an index holds, and the user goes without one`,
    },
  ],
  unreadable: {
    approved: {
      then: "false",
      reason: "approved is neither yes nor no; the account stays closed until somebody looks",
    },
    is_admin: { then: "false", reason: "is_admin is neither yes nor no; rights are given, and these were not" },
  },
  unique: [["username"]],
  back: {
    role: back(
      "role",
      `(SELECT r.name FROM accounts.user_roles m JOIN accounts.roles r ON r.id = m.role_id
        WHERE m.user_id = users.id ORDER BY r.id LIMIT 1)`,
    ),
  },
};

const profiles: MappedTable = {
  disposition: "mapped",
  source: "profile",
  target: "accounts.profiles",
  key: "user_id",
  range: { column: "user_id", target: "user_id", kind: "integer" },
  columns: {
    user_id: reference("user_id", "user"),
    display_name: copy("display_name", "text"),
    phone: copy("phone", "text"),
    address: copy("address", "text"),
    avatar: copy("photo", "text"),
    visibility: copy("visibility", "text"),
    bio: computed({ from: [], sql: "''", type: "text" }),
    timezone: computed({ from: [], sql: "'UTC'", type: "text" }),
    preferences: computed({ from: [], sql: "'{}'", type: "jsonb" }),
  },
  repairs: [
    {
      name: "visibility-unknown",
      column: "visibility",
      when: "t.visibility NOT IN ('public', 'family', 'private')",
      then: `CASE WHEN lower(btrim(t.visibility)) IN ('public', 'family', 'private') THEN lower(btrim(t.visibility))
             ELSE 'private' END`,
      reason: "who may see the profile is not said in a word that we know; then nobody else may",
    },
  ],
};

const roles: MappedTable = {
  disposition: "mapped",
  source: "role",
  target: "accounts.roles",
  key: "name",
  range: { column: "name", target: "name", kind: "text" },
  columns: { id: named("name"), name: copy("name", "text") },
};

const userRoles: MappedTable = {
  disposition: "mapped",
  source: "user_role",
  target: "accounts.user_roles",
  key: "user_id",
  range: { column: "user_id", target: "user_id", kind: "integer" },
  columns: { user_id: reference("user_id", "user"), role_id: reference("role", "role") },
};

const permissions: MappedTable = {
  disposition: "mapped",
  source: "permission",
  target: "accounts.permissions",
  key: "name",
  range: { column: "name", target: "code", kind: "text" },
  columns: {
    id: named("name"),
    code: copy("name", "text"),
    name: computed({ from: ["name"], sql: "t.name", type: "text" }),
    object_type: computed({ from: [], sql: "'dirfinal'", type: "text" }),
  },
};

const userPermissions: MappedTable = {
  disposition: "mapped",
  source: "user_permission",
  target: "accounts.user_permissions",
  key: ["user_id", "permission"],
  range: { column: "user_id", target: "user_id", kind: "integer" },
  columns: {
    user_id: reference("user_id", "user"),
    permission_id: reference("permission", "permission"),
    granted_by: reference("granted_by", "user", "clear"),
    granted_at: copy("granted_at", "timestamptz"),
  },
  rejects: [
    {
      name: "permission-no-name",
      when: `NOT (${isName("t.permission")})`,
      reason: `a permission's name is empty, or longer than the ${limit} bytes that an index holds`,
    },
  ],
  unique: [["user_id", "permission_id"]],
  back: { permission: "(SELECT p.code FROM accounts.permissions p WHERE p.id = permission_id)" },
};

/** People and their rights. */
export const accounts: readonly PlanTable[] = [users, profiles, roles, userRoles, permissions, userPermissions];
