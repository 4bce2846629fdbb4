import { computed, copy, id, reference, type MappedTable, type PlanTable } from "../plan.ts";
import { clearUnreadableInstant, unreadableInstant } from "../rules.ts";

const byId = { column: "id", target: "id", kind: "integer" } as const;

/** The schemes that the sign-in opens; "!" starts an unusable password. */
const knownPassword = "^(!|(argon2|bcrypt_sha256|pbkdf2_sha256|pbkdf2_sha1|scrypt|md5)[$])";

const users: MappedTable = {
  disposition: "mapped",
  source: "auth_user",
  target: "accounts.users",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    username: copy("username", "text"),
    email: copy("email", "text"),
    first_name: copy("first_name", "text"),
    last_name: copy("last_name", "text"),
    password: copy("password", "text"),
    password_reset_required: computed({ from: ["password"], sql: "false", type: "boolean" }),
    is_active: copy("is_active", "boolean"),
    is_staff: copy("is_staff", "boolean"),
    is_superuser: copy("is_superuser", "boolean"),
    joined_at: copy("date_joined", "timestamptz"),
    last_sign_in_at: copy("last_login", "timestamptz"),
  },
  repairs: [
    {
      name: "password-scheme-unknown",
      column: "password_reset_required",
      when: `t.password !~ '${knownPassword}'`,
      then: "true",
      reason: "no scheme of ours opens the password; it is kept, and a new one must be set at the next sign-in",
    },
    clearUnreadableInstant("last_login", "last_sign_in_at"),
  ],
  rejects: [unreadableInstant("date_joined")],
  unique: [["username"]],
};

const profiles: MappedTable = {
  disposition: "mapped",
  source: "accounts_profile",
  target: "accounts.profiles",
  key: "id",
  // The profile's own id lives on as legacy_id; here the user is its key.
  range: { column: "user_id", target: "user_id", kind: "integer" },
  columns: {
    user_id: reference("user_id", "auth_user"),
    bio: copy("bio", "text"),
    timezone: copy("timezone", "text"),
    avatar: copy("avatar", "text"),
    birth_date: copy("birth_date", "date"),
    preferences: copy("preferences", "jsonb"),
  },
  repairs: [clearUnreadableInstant("birth_date", "birth_date")],
  unique: [["user_id"]],
  back: { id: "legacy_id::bigint" },
};

const socialIdentities: MappedTable = {
  disposition: "mapped",
  source: "socialaccount_socialaccount",
  target: "accounts.social_identities",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    user_id: reference("user_id", "auth_user"),
    provider: copy("provider", "text"),
    uid: copy("uid", "text"),
    extra: copy("extra_data", "jsonb"),
  },
};

const roles: MappedTable = {
  disposition: "mapped",
  source: "auth_group",
  target: "accounts.roles",
  key: "id",
  range: byId,
  columns: { id: id("id"), name: copy("name", "text") },
  unique: [["name"]],
};

const permissions: MappedTable = {
  disposition: "mapped",
  source: "auth_permission",
  target: "accounts.permissions",
  key: "id",
  range: byId,
  joins: [{ table: "django_content_type", as: "c", key: "id", column: "content_type_id", missing: "reject" }],
  columns: {
    id: id("id"),
    code: copy("codename", "text"),
    name: copy("name", "text"),
    object_type: computed({
      from: ["content_type_id", "c.app_label", "c.model"],
      sql: "c.app_label || '.' || c.model",
      type: "text",
    }),
  },
  unique: [["code", "object_type"]],
  back: {
    content_type_id: "(SELECT c.id FROM django_content_type c WHERE c.app_label || '.' || c.model = object_type)",
  },
};

const rolePermissions: MappedTable = {
  disposition: "mapped",
  source: "auth_group_permissions",
  target: "accounts.role_permissions",
  key: "id",
  range: { column: "group_id", target: "role_id", kind: "integer" },
  columns: {
    role_id: reference("group_id", "auth_group"),
    permission_id: reference("permission_id", "auth_permission"),
  },
  unique: [["role_id", "permission_id"]],
};

const userRoles: MappedTable = {
  disposition: "mapped",
  source: "auth_user_groups",
  target: "accounts.user_roles",
  key: "id",
  range: { column: "user_id", target: "user_id", kind: "integer" },
  columns: {
    user_id: reference("user_id", "auth_user"),
    role_id: reference("group_id", "auth_group"),
  },
  unique: [["user_id", "role_id"]],
};

const userPermissions: MappedTable = {
  disposition: "mapped",
  source: "auth_user_user_permissions",
  target: "accounts.user_permissions",
  key: "id",
  range: { column: "user_id", target: "user_id", kind: "integer" },
  columns: {
    user_id: reference("user_id", "auth_user"),
    permission_id: reference("permission_id", "auth_permission"),
  },
  unique: [["user_id", "permission_id"]],
};

/** People, their identities elsewhere, and their rights. */
export const accounts: readonly PlanTable[] = [
  users,
  profiles,
  socialIdentities,
  roles,
  permissions,
  rolePermissions,
  userRoles,
  userPermissions,
];
