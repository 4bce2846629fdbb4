import {
  computed,
  copy,
  id,
  reference,
  type DroppedTable,
  type FoldedTable,
  type Join,
  type MappedTable,
  type PlanTable,
  type Value,
} from "./plan.ts";
import { unknownScheme } from "./passwords.ts";
import { clearUnreadableInstant, unreadableInstant } from "./rules.ts";

/*
 * What every Django brings along: its users and their rights, generic relations by content types, the log of its
 * administration, and what it keeps for itself.
 */

const byId = { column: "id", target: "id", kind: "integer" } as const;

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
  repairs: [unknownScheme("password"), clearUnreadableInstant("last_login", "last_sign_in_at")],
  rejects: [unreadableInstant("date_joined")],
  unique: [["username"]],
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

const contentTypeOf = (objectType: string): string =>
  `(SELECT c.id FROM django_content_type c WHERE c.app_label || '.' || c.model = ${objectType})`;

/** The join to the content type that a column points to, as `c`. */
export const contentType = (column: string): Join => ({
  table: "django_content_type",
  as: "c",
  key: "id",
  column,
  missing: "reject",
});

/** `app_label.model` of the content type that a column points to. */
export const objectType = (column: string): Value =>
  computed({ from: [column, "c.app_label", "c.model"], sql: "c.app_label || '.' || c.model", type: "text" });

/** The way back of a column that points to a content type. */
export const contentTypeBack = contentTypeOf("object_type");

const permissions: MappedTable = {
  disposition: "mapped",
  source: "auth_permission",
  target: "accounts.permissions",
  key: "id",
  range: byId,
  joins: [contentType("content_type_id")],
  columns: {
    id: id("id"),
    code: copy("codename", "text"),
    name: copy("name", "text"),
    object_type: objectType("content_type_id"),
  },
  unique: [["code", "object_type"]],
  back: { content_type_id: contentTypeBack },
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
  columns: { user_id: reference("user_id", "auth_user"), role_id: reference("group_id", "auth_group") },
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

/** Django's users, groups and permissions. */
export const djangoAccounts: readonly PlanTable[] = [
  users,
  roles,
  permissions,
  rolePermissions,
  userRoles,
  userPermissions,
];

/** Effective rights of Django's users: their groups, and permissions by these, by themselves, and by being superuser. */
export const djangoRights = `WITH granted AS (
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
  FROM {auth_user_groups} m JOIN {auth_user} u ON u.id = m.user_id JOIN {auth_group} r ON r.id = m.group_id`;

/** How a system's generic relations are carried. */
export interface GenericRelations {
  /** The content types, as `app_label` and `model`, whose rows came over under the same number. */
  readonly numbered: readonly (readonly [string, string])[];
  /** Further cases (`WHEN … THEN …`) of the row here that the number `t.object_id` points to. */
  readonly others?: string;
}

/**
 * The row here that a generic relation points to; empty where its type did not come over, or its key is no number. No row
 * costs more than this value does, so types are looked for once and digits without a pattern.
 */
export function objectId({ numbered, others = "" }: GenericRelations): Value {
  const types = numbered.map(([label, model]) => `('${label}', '${model}')`).join(", ");
  const ids = `SELECT n.id FROM django_content_type n WHERE (n.app_label, n.model) IN (${types})`;
  return computed({
    from: ["object_id", "c.id", "c.app_label", "c.model"],
    sql: `CASE WHEN octet_length(t.object_id) BETWEEN 1 AND 13 AND translate(t.object_id, '0123456789', '') = '' THEN
          CASE WHEN t.object_id::bigint >= 1099511627776 THEN NULL
               WHEN c.id = ANY (ARRAY(${ids})) THEN {window} + t.object_id::bigint
               ${others} END END`,
    type: "bigint",
  });
}

/** The log of Django's own administration pages. */
export const djangoAdminLog = (relations: GenericRelations): MappedTable => ({
  disposition: "mapped",
  source: "django_admin_log",
  target: "operations.audit_log",
  key: "id",
  range: byId,
  joins: [contentType("content_type_id")],
  columns: {
    id: id("id"),
    at: copy("action_time", "timestamptz"),
    user_id: reference("user_id", "auth_user"),
    action: computed({
      from: ["action_flag"],
      sql: `CASE t.action_flag WHEN 1 THEN 'add' WHEN 2 THEN 'change' WHEN 3 THEN 'delete'
            ELSE 'flag ' || t.action_flag END`,
      type: "text",
    }),
    object_type: objectType("content_type_id"),
    object_id: objectId(relations),
    legacy_object_id: copy("object_id", "text"),
    object_title: copy("object_repr", "text"),
    change_message: copy("change_message", "text"),
  },
  rejects: [unreadableInstant("action_time")],
  back: {
    content_type_id: contentTypeBack,
    action_flag: `CASE action WHEN 'add' THEN 1 WHEN 'change' THEN 2 WHEN 'delete' THEN 3
                  ELSE substr(action, 6)::smallint END`,
  },
});

/**
 * Django's content types, which live on as names.
 *
 * @param users the legacy columns, as `table.column`, that name a content type
 */
export const djangoContentTypes = (users: readonly `${string}.${string}`[]): FoldedTable => ({
  disposition: "folded",
  source: "django_content_type",
  key: "id",
  reason: "a content type lives on as the object_type of the rows that name it",
  rejects: [
    {
      name: "content-type-unused",
      when: users
        .map((user) => user.split("."))
        .map(([table = "", column = ""]) => `NOT EXISTS (SELECT FROM ${table} u WHERE u.${column} = t.id)`)
        .join(" AND "),
      reason: "no row names this content type, so there is none that it could live on in",
    },
  ],
  back: {
    id: { lossy: "the number has no meaning; the legacy system's own row for the name is used" },
    app_label: "split_part(object_type, '.', 1)",
    model: "split_part(object_type, '.', 2)",
  },
});

/** What Django keeps for itself alone. */
export const djangoHousekeeping: readonly DroppedTable[] = [
  {
    disposition: "dropped",
    source: "django_session",
    reason: "sessions are not carried: people sign in again",
  },
  {
    disposition: "dropped",
    source: "django_migrations",
    reason: "the list of Django's own schema changes says nothing about this schema",
  },
];
