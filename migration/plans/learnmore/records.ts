import {
  contentType,
  contentTypeBack,
  djangoAdminLog,
  djangoContentTypes,
  djangoHousekeeping,
  objectId,
  objectType,
  type GenericRelations,
} from "../django.ts";
import { copy, id, reference, type MappedTable, type PlanTable } from "../plan.ts";
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

/** A profile's number is not its user's, by whom it is known here. */
const relations: GenericRelations = {
  numbered,
  others: `WHEN (c.app_label, c.model) = ('accounts', 'profile') THEN
                 (SELECT {window} + p.user_id FROM accounts_profile p WHERE p.id = t.object_id::bigint)`,
};

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
    object_id: objectId(relations),
    legacy_object_id: copy("object_id", "text"),
    payload: copy("payload", "jsonb"),
    ip: copy("ip", "inet"),
    at: copy("at", "timestamptz"),
  },
  rejects: [unreadableInstant("at")],
  back: { object_type_id: contentTypeBack },
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

/** What was recorded about the rest, and what Django keeps for itself. */
export const records: readonly PlanTable[] = [
  events,
  dailyStatistics,
  djangoAdminLog(relations),
  djangoContentTypes([
    "auth_permission.content_type_id",
    "analytics_event.object_type_id",
    "django_admin_log.content_type_id",
  ]),
  ...djangoHousekeeping,
];
