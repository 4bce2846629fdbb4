import { filled } from "../filled.ts";
import { passwordSchemes, unknownScheme } from "../passwords.ts";
import { computed, copy, id, reference, type MappedTable, type Plan } from "../plan.ts";

const visitors: MappedTable = {
  disposition: "mapped",
  source: "visitor",
  target: "accounts.users",
  key: "id",
  range: { column: "id", target: "id", kind: "integer" },
  columns: {
    id: id("id"),
    username: computed({ from: ["id"], sql: "'visitor ' || t.id", type: "text" }),
    email: copy("email", "text"),
    first_name: copy("name", "text"),
    last_name: computed({ from: [], sql: "''", type: "text" }),
    password: copy("password", "text"),
    password_reset_required: computed({ from: [], sql: "false", type: "boolean" }),
    is_active: computed({ from: [], sql: "true", type: "boolean" }),
    is_staff: computed({ from: [], sql: "false", type: "boolean" }),
    is_superuser: computed({ from: [], sql: "false", type: "boolean" }),
    joined_at: copy("joined", "timestamptz"),
  },
  repairs: [
    filled("email", { target: "email", then: "''", reason: "no e-mail is an empty one" }),
    filled("name", { target: "first_name", then: "''", reason: "no name is an empty one" }),
    filled("password", { target: "password", then: "'!'", reason: "nobody could sign in without a password" }),
    unknownScheme("password"),
  ],
  // The number is in it, so that no two users have the same name.
  unique: [["username"]],
};

const messages: MappedTable = {
  disposition: "mapped",
  source: "message",
  target: "guestbook.messages",
  key: "id",
  range: { column: "id", target: "id", kind: "integer" },
  columns: {
    id: id("id"),
    author_id: reference("visitor_id", "visitor"),
    text: copy("text", "text"),
    stars: copy("stars", "bigint"),
    written_at: copy("at", "timestamptz"),
  },
  rejects: [{ name: "text-empty", when: "t.text = ''", reason: "a message without a text says nothing" }],
};

/** A guest book on SQLite. */
export const guestbook: Plan = {
  system: "guestbook",
  window: 6,
  engine: "sqlite",
  shape: {
    visitor: { id: "integer", email: "varchar", name: "varchar", password: "varchar", joined: "datetime" },
    message: { id: "integer", visitor_id: "integer", text: "text", stars: "integer", at: "datetime" },
    session: { id: "integer", data: "text" },
  },
  tables: [
    visitors,
    messages,
    { disposition: "dropped", source: "session", reason: "sessions are not carried: people sign in again" },
  ],
  // Nobody had a role or a right there.
  rights: "SELECT v.id::text AS holder, 'none' AS holding FROM {visitor} v WHERE false",
  tallies: [passwordSchemes("visitor", "coalesce(t.password, '!')")],
};
