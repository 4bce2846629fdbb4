import { computed, copy, id, reference, windowSize, type MappedTable, type PlanTable } from "../plan.ts";
import { zeroDate } from "./rules.ts";

const byId = { column: "id", target: "id", kind: "integer" } as const;

const revenue: MappedTable = {
  disposition: "mapped",
  source: "revenue",
  target: "analytics.revenue",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    // Money that came in has come in, whatever has become of the enrolment.
    enrollment_id: reference("enrollment_id", "enrollments", "clear"),
    gross: copy("gross", "numeric"),
    fee: copy("fee", "numeric"),
    day: copy("day", "date"),
  },
  unreadable: { day: zeroDate },
};

/** The kinds of objects whose rows came over under the same number. */
const numbered = [
  "category",
  "certificate",
  "course",
  "discount",
  "enrollment",
  "notification",
  "review",
  "section",
  "user",
  "video",
] as const;

const kinds = numbered.map((kind) => `'${kind}'`).join(", ");

// The two parts of `video:17`. There are many of them, and patterns take longer than these.
const kind = "split_part(t.object, ':', 1)";
const number = `substr(t.object, length(${kind}) + 2)`;

const activities: MappedTable = {
  disposition: "mapped",
  source: "activity_log",
  target: "analytics.activities",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    user_id: reference("user_id", "users", "clear"),
    kind: copy("verb", "text"),
    legacy_object: copy("object", "text"),
    object_type: computed({
      from: ["object"],
      sql: `CASE WHEN strpos(t.object, ':') > 1 AND ltrim(${kind}, 'abcdefghijklmnopqrstuvwxyz_') = '' THEN ${kind} END`,
      type: "text",
    }),
    object_id: computed({
      from: ["object"],
      sql: `CASE WHEN ${kind} IN (${kinds}) AND length(${number}) BETWEEN 1 AND 13 AND ltrim(${number}, '0123456789') = ''
            THEN CASE WHEN ${number}::bigint < ${windowSize.toString()} THEN {window} + ${number}::bigint END END`,
      type: "bigint",
    }),
    payload: copy("meta", "jsonb"),
    at: copy("at", "timestamptz"),
  },
  unreadable: { at: zeroDate },
};

const conversations: MappedTable = {
  disposition: "mapped",
  source: "ai_chat_sessions",
  target: "assistant.conversations",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    user_id: reference("user_id", "users", "clear"),
    course_id: reference("course_id", "courses", "clear"),
    started_at: copy("started_at", "timestamptz"),
  },
  unreadable: { started_at: zeroDate },
};

const messages: MappedTable = {
  disposition: "mapped",
  source: "ai_chat_messages",
  target: "assistant.messages",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    conversation_id: reference("session_id", "ai_chat_sessions"),
    role: copy("role", "text"),
    content: copy("content", "text"),
    tokens: copy("tokens", "integer"),
    at: copy("at", "timestamptz"),
  },
  unreadable: { at: zeroDate },
};

const tokenUsage: MappedTable = {
  disposition: "mapped",
  source: "ai_token_usage",
  target: "assistant.token_usage",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    user_id: reference("user_id", "users", "clear"),
    day: copy("day", "date"),
    prompt_tokens: copy("prompt_tokens", "bigint"),
    completion_tokens: copy("completion_tokens", "bigint"),
    cost: copy("cost", "numeric"),
  },
  unreadable: { day: zeroDate },
};

const notifications: MappedTable = {
  disposition: "mapped",
  source: "notifications",
  target: "notifications.notifications",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    user_id: reference("user_id", "users"),
    kind: copy("kind", "text"),
    body: copy("body", "text"),
    created_at: copy("at", "timestamptz"),
    read_at: copy("read_at", "timestamptz"),
  },
  unreadable: { at: zeroDate, read_at: zeroDate },
};

const mediaFiles: MappedTable = {
  disposition: "mapped",
  source: "media_files",
  target: "media.files",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    owner_id: reference("owner_id", "users", "clear"),
    legacy_bucket: copy("bucket", "text"),
    legacy_path: copy("object_key", "text"),
    size: copy("bytes", "bigint"),
    digest: copy("sha1", "text"),
    digest_algorithm: computed({ from: [], sql: "'sha1'", type: "text" }),
    status: copy("status", "text"),
  },
};

/** What courses brought, what people did, talked about and were told, and the files that they own. */
export const records: readonly PlanTable[] = [
  revenue,
  activities,
  conversations,
  messages,
  tokenUsage,
  notifications,
  mediaFiles,
];
