import { computed, copy, id, reference, type Join, type MappedTable, type PlanTable } from "../plan.ts";
import { unreadableInstant } from "../rules.ts";

const byId = { column: "id", target: "id", kind: "integer" } as const;

/** The content types whose rows came over under the same number. A profile's key became its user's, an event's is a UUID. */
const numbered = [
  ["admin", "logentry"],
  ["analytics", "dailystat"],
  ["auth", "group"],
  ["auth", "permission"],
  ["auth", "user"],
  ["courses", "course"],
  ["courses", "enrollment"],
  ["courses", "module"],
  ["courses", "progress"],
  ["quizzes", "attempt"],
  ["quizzes", "choice"],
  ["quizzes", "essayquestion"],
  ["quizzes", "multiplechoicequestion"],
  ["quizzes", "question"],
  ["quizzes", "quiz"],
  ["quizzes", "response"],
  ["socialaccount", "socialaccount"],
] as const;

const typeList = numbered.map(([label, model]) => `('${label}', '${model}')`).join(", ");

const contentType = (column: string): Join => ({
  table: "django_content_type",
  as: "c",
  key: "id",
  column,
  missing: "reject",
});

const objectType = (column: string) =>
  computed({ from: [column, "c.app_label", "c.model"], sql: "c.app_label || '.' || c.model", type: "text" });

/** The row here that a generic relation points to: `{window}` is the first identifier of the system's window. */
const objectId = computed({
  from: ["object_id", "c.app_label", "c.model"],
  sql: `CASE WHEN t.object_id ~ '^[0-9]{1,13}$' THEN
          CASE WHEN t.object_id::bigint >= 1099511627776 THEN NULL
               WHEN (c.app_label, c.model) IN (${typeList}) THEN {window} + t.object_id::bigint
               WHEN (c.app_label, c.model) = ('accounts', 'profile') THEN
                 (SELECT {window} + p.user_id FROM accounts_profile p WHERE p.id = t.object_id::bigint) END END`,
  type: "bigint",
});

const typeBack = "(SELECT c.id FROM django_content_type c WHERE c.app_label || '.' || c.model = object_type)";

const events: MappedTable = {
  disposition: "mapped",
  source: "analytics_event",
  target: "analytics.events",
  key: "id",
  range: { column: "id", target: "id", kind: "uuid" },
  joins: [contentType("object_type_id")],
  columns: {
    id: copy("id", "uuid"),
    user_id: reference("user_id", "auth_user"),
    kind: copy("kind", "text"),
    object_type: objectType("object_type_id"),
    object_id: objectId,
    legacy_object_id: copy("object_id", "text"),
    payload: copy("payload", "jsonb"),
    ip: copy("ip", "inet"),
    at: copy("at", "timestamptz"),
  },
  rejects: [unreadableInstant("at")],
  back: { object_type_id: typeBack },
};

const dailyStatistics: MappedTable = {
  disposition: "mapped",
  source: "analytics_dailystat",
  target: "analytics.daily_course_statistics",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    course_id: reference("course_id", "courses_course"),
    day: copy("day", "date"),
    views: copy("views", "bigint"),
    minutes: copy("minutes", "double precision"),
  },
  rejects: [
    unreadableInstant("day"),
    {
      name: "minutes-not-finite",
      when: "t.minutes IN ('NaN', 'Infinity', '-Infinity')",
      reason: "minutes is not a finite number",
    },
  ],
};

const adminLog: MappedTable = {
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
    object_id: objectId,
    legacy_object_id: copy("object_id", "text"),
    object_title: copy("object_repr", "text"),
    change_message: copy("change_message", "text"),
  },
  rejects: [unreadableInstant("action_time")],
  back: {
    content_type_id: typeBack,
    action_flag: `CASE action WHEN 'add' THEN 1 WHEN 'change' THEN 2 WHEN 'delete' THEN 3
                  ELSE substr(action, 6)::smallint END`,
  },
};

/** What was recorded about the rest, and what Django keeps for itself. */
export const records: readonly PlanTable[] = [
  events,
  dailyStatistics,
  adminLog,
  {
    disposition: "folded",
    source: "django_content_type",
    key: "id",
    reason: "a content type lives on as the object_type of the rows that name it",
    rejects: [
      {
        name: "content-type-unused",
        when: `NOT EXISTS (SELECT FROM auth_permission p WHERE p.content_type_id = t.id)
               AND NOT EXISTS (SELECT FROM analytics_event v WHERE v.object_type_id = t.id)
               AND NOT EXISTS (SELECT FROM django_admin_log l WHERE l.content_type_id = t.id)`,
        reason: "no row names this content type, so there is none that it could live on in",
      },
    ],
    back: {
      id: { lossy: "the number has no meaning; the legacy system's own row for the name is used" },
      app_label: "split_part(object_type, '.', 1)",
      model: "split_part(object_type, '.', 2)",
    },
  },
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
