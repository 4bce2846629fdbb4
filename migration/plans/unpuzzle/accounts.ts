import { filled } from "../filled.ts";
import { unknownScheme } from "../passwords.ts";
import { computed, copy, id, reference, type MappedTable, type PlanTable, type View } from "../plan.ts";
import { anyNumberIsTrue, zeroDate } from "./rules.ts";

const byId = { column: "id", target: "id", kind: "integer" } as const;

/** An e-mail and the account that it opens there: the first with it. */
export const accountViews: readonly View[] = [
  {
    name: "email_holders",
    sql: "SELECT u.email, min(u.id) AS first_id FROM {users} u WHERE u.email <> '' GROUP BY u.email",
    columns: { email: "text", first_id: "bigint" },
    reason: "people sign in by their e-mail there, and nothing keeps it from being on two accounts",
  },
];

const users: MappedTable = {
  disposition: "mapped",
  source: "users",
  target: "accounts.users",
  key: "id",
  range: byId,
  joins: [{ table: "email_holders", as: "h", key: "email", column: "email", missing: "allow" }],
  columns: {
    id: id("id"),
    uuid: computed({ from: ["uuid"], sql: "migration.read_uuid(t.uuid)", type: "uuid", once: true }),
    email: copy("email", "text"),
    // There are no user names there. Whoever shares an e-mail signs in by it all the same, and is asked which account is meant.
    username: copy("email", "text"),
    // One name, in any script and order: taking it apart would be guesswork, and the way back would not be exact.
    first_name: copy("name", "text"),
    last_name: computed({ from: [], sql: "''", type: "text" }),
    password: copy("password", "text"),
    // Not made from the password, or a repair would keep a second copy of it.
    password_reset_required: computed({ from: [], sql: "false", type: "boolean" }),
    is_active: copy("is_active", "boolean"),
    // What a role there opens stands in its code and not in its data; here a right is given by a person.
    is_staff: computed({ from: [], sql: "false", type: "boolean" }),
    is_superuser: computed({ from: [], sql: "false", type: "boolean" }),
    joined_at: copy("created_at", "timestamptz"),
    updated_at: copy("updated_at", "timestamptz"),
  },
  repairs: [
    {
      name: "uuid-malformed",
      column: "uuid",
      when: "t.uuid IS NOT NULL AND migration.read_uuid(t.uuid) IS NULL",
      reason: "uuid is none, and is left empty",
    },
    {
      name: "uuid-unusual",
      column: "uuid",
      when: "migration.read_uuid(t.uuid)::text <> t.uuid",
      reason: "uuid is one, written in capitals, in braces or without hyphens",
    },
    filled("email", { target: "email", then: "''", reason: "no e-mail is an empty one" }),
    {
      name: "username-missing",
      column: "username",
      when: "coalesce(t.email, '') = ''",
      then: "'#' || t.id",
      reason: "the e-mail, which stands for the user name, is empty; the number does",
    },
    {
      name: "username-doubled",
      column: "username",
      when: "h.first_id < t.id",
      then: "t.email || '#' || t.id",
      reason: "another account with a lower number has the same e-mail; this one gets its number to the user name",
    },
    filled("name", { target: "first_name", then: "''", reason: "no name is an empty one" }),
    filled("password", { target: "password", then: "'!'", reason: "nobody could sign in without a password" }),
    unknownScheme("password"),
    filled("is_active", { target: "is_active", then: "false", reason: "the legacy system took nothing for false" }),
  ],
  unreadable: { is_active: anyNumberIsTrue, created_at: zeroDate, updated_at: zeroDate },
  unique: [["username"]],
  back: { uuid: "CASE WHEN legacy_extra ? 'uuid' THEN legacy_extra ->> 'uuid' ELSE uuid::text END" },
};

const roles: MappedTable = {
  disposition: "mapped",
  source: "roles",
  target: "accounts.roles",
  key: "id",
  range: byId,
  columns: { id: id("id"), name: copy("name", "text") },
  repairs: [
    filled("name", { target: "name", then: "'#' || t.id", reason: "a role without a name is known by the number" }),
  ],
  unique: [["name"]],
};

const userRoles: MappedTable = {
  disposition: "mapped",
  source: "user_roles",
  target: "accounts.user_roles",
  key: ["user_id", "role_id"],
  range: { column: "user_id", target: "user_id", kind: "integer" },
  columns: { user_id: reference("user_id", "users"), role_id: reference("role_id", "roles") },
  unique: [["user_id", "role_id"]],
};

/** People and their roles. */
export const accounts: readonly PlanTable[] = [
  users,
  roles,
  userRoles,
  {
    disposition: "dropped",
    source: "user_sessions",
    reason: "sessions are not carried: their tokens would open accounts here, and people sign in again",
  },
];
