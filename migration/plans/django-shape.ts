import type { Shape } from "./plan.ts";

/** The tables that every Django makes for itself and its users. A varchar's length is not part of a type. */
export const djangoShape: Shape = {
  auth_group: { id: "integer", name: "character varying" },
  auth_group_permissions: { id: "bigint", group_id: "integer", permission_id: "integer" },
  auth_permission: {
    id: "integer",
    name: "character varying",
    content_type_id: "integer",
    codename: "character varying",
  },
  auth_user: {
    id: "integer",
    password: "character varying",
    last_login: "timestamp with time zone",
    is_superuser: "boolean",
    username: "character varying",
    first_name: "character varying",
    last_name: "character varying",
    email: "character varying",
    is_staff: "boolean",
    is_active: "boolean",
    date_joined: "timestamp with time zone",
  },
  auth_user_groups: { id: "bigint", user_id: "integer", group_id: "integer" },
  auth_user_user_permissions: { id: "bigint", user_id: "integer", permission_id: "integer" },
  django_admin_log: {
    id: "integer",
    action_time: "timestamp with time zone",
    object_id: "text",
    object_repr: "character varying",
    action_flag: "smallint",
    change_message: "text",
    content_type_id: "integer",
    user_id: "integer",
  },
  django_content_type: { id: "integer", app_label: "character varying", model: "character varying" },
  django_migrations: {
    id: "bigint",
    app: "character varying",
    name: "character varying",
    applied: "timestamp with time zone",
  },
  django_session: {
    session_key: "character varying",
    session_data: "text",
    expire_date: "timestamp with time zone",
  },
};
