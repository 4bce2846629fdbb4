import { filled } from "../filled.ts";
import { computed, copy, id, reference, type MappedTable, type PlanTable, type View } from "../plan.ts";
import { anyNumberIsTrue, clearNegative, isTrue, zeroDate } from "./rules.ts";

const byId = { column: "id", target: "id", kind: "integer" } as const;

/** How much of an enrolment's course its user has watched. */
export const learningViews: readonly View[] = [
  {
    name: "watched_shares",
    sql: `WITH lengths AS (
      SELECT s.course_id, count(*) AS videos FROM {videos} v JOIN {sections} s ON s.id = v.section_id GROUP BY s.course_id
    ), watched AS (
      SELECT p.user_id, s.course_id, count(*) AS videos
      FROM {video_progress} p JOIN {videos} v ON v.id = p.video_id JOIN {sections} s ON s.id = v.section_id
      WHERE ${isTrue("p", "watched")} GROUP BY p.user_id, s.course_id
    )
    SELECT e.id AS enrollment_id, round(100.0 * w.videos / l.videos, 2) AS percent
    FROM {enrollments} e JOIN lengths l ON l.course_id = e.course_id
    JOIN watched w ON w.course_id = e.course_id AND w.user_id = e.user_id`,
    columns: { enrollment_id: "bigint", percent: "numeric" },
    reason: "the legacy system keeps what was watched video by video, and worked out the share when it was asked",
  },
];

/** The categories at which a circle of parents is opened: the lowest number of each circle. */
const circles = `WITH RECURSIVE above (start, at) AS (
    SELECT id, parent_id FROM categories WHERE parent_id IS NOT NULL
    UNION SELECT a.start, c.parent_id FROM above a JOIN categories c ON c.id = a.at WHERE c.parent_id IS NOT NULL
  )
  SELECT start FROM above GROUP BY start HAVING bool_or(at = start) AND min(at) = start`;

const categories: MappedTable = {
  disposition: "mapped",
  source: "categories",
  target: "learning.categories",
  key: "id",
  range: byId,
  columns: { id: id("id"), parent_id: reference("parent_id", "categories", "clear"), name: copy("name", "text") },
  repairs: [
    {
      name: "category-circle",
      column: "parent_id",
      when: `t.id IN (${circles})`,
      then: "NULL",
      reason: "the category is its own parent, straight or through others; the one with the lowest number loses it",
    },
    filled("name", { target: "name", then: "'#' || t.id", reason: "a category without a name is known by the number" }),
  ],
};

const courses: MappedTable = {
  disposition: "mapped",
  source: "courses",
  target: "learning.courses",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    migration_status: computed({ from: [], sql: "'migrated'", type: "text" }),
    category_id: reference("category_id", "categories", "clear"),
    instructor_id: reference("instructor_id", "users", "clear"),
    title: copy("title", "text"),
    description: copy("summary", "text"),
    status: computed({
      from: ["published"],
      sql: `CASE WHEN ${isTrue("t", "published")} THEN 'published' ELSE 'draft' END`,
      type: "text",
    }),
    price: copy("price", "numeric"),
    currency: copy("currency", "text"),
    created_at: copy("created_at", "timestamptz"),
  },
  repairs: [
    filled("title", {
      target: "title",
      then: "'#' || t.id",
      reason: "a course without a title is known by the number",
    }),
    filled("summary", { target: "description", then: "''", reason: "no summary is an empty one" }),
    {
      name: "published-missing",
      column: "status",
      when: `${isTrue("t", "published")} IS NULL`,
      reason: "nothing says whether the course is published, so it is a draft",
    },
    clearNegative("price", "price"),
    {
      name: "currency-unusual",
      column: "currency",
      when: "t.currency !~ '^[A-Z]{3}$'",
      then: "CASE WHEN upper(btrim(t.currency)) ~ '^[A-Z]{3}$' THEN upper(btrim(t.currency)) END",
      reason: "currency is not three capitals; it is made so where it can be, and left empty elsewhere",
    },
  ],
  unreadable: { created_at: zeroDate },
  back: {
    published:
      "CASE WHEN legacy_extra ? 'published' THEN legacy_extra ->> 'published' ELSE is_published::integer::text END",
  },
};

const sections: MappedTable = {
  disposition: "mapped",
  source: "sections",
  target: "learning.sections",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    course_id: reference("course_id", "courses"),
    position: copy("position", "integer"),
    title: copy("title", "text"),
  },
  repairs: [
    filled("position", { target: "position", then: "0", reason: "a section without a place is the first" }),
    {
      name: "position-negative",
      column: "position",
      when: "t.position < 0",
      then: "0",
      reason: "a section before the first is the first",
    },
    filled("title", {
      target: "title",
      then: "'#' || t.id",
      reason: "a section without a title is known by the number",
    }),
  ],
};

const videos: MappedTable = {
  disposition: "mapped",
  source: "videos",
  target: "learning.videos",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    section_id: reference("section_id", "sections"),
    title: copy("title", "text"),
    seconds: copy("seconds", "integer"),
    storage_id: copy("b2_file_id", "text"),
    transcripts: copy("transcripts", "jsonb"),
  },
  repairs: [
    filled("title", { target: "title", then: "'#' || t.id", reason: "a video without a title is known by the number" }),
    clearNegative("seconds", "seconds"),
  ],
};

const enrollments: MappedTable = {
  disposition: "mapped",
  source: "enrollments",
  target: "learning.enrollments",
  key: "id",
  range: byId,
  joins: [{ table: "watched_shares", as: "w", key: "enrollment_id", column: "id", missing: "allow" }],
  columns: {
    id: id("id"),
    user_id: reference("user_id", "users"),
    course_id: reference("course_id", "courses"),
    paid: copy("paid", "numeric"),
    enrolled_at: copy("at", "timestamptz"),
    completed_at: copy("completed_at", "timestamptz"),
    status: computed({
      from: ["completed_at"],
      sql: "CASE WHEN t.completed_at IS NULL THEN 'active' ELSE 'completed' END",
      type: "text",
    }),
    // Whoever has completed a course is through with it, watched or not; all others are as far as the share of its
    // videos that they have watched, and a video that is begun counts when it is watched to the end.
    progress_percentage: computed({
      from: ["completed_at", "w.percent"],
      sql: "CASE WHEN t.completed_at IS NULL THEN coalesce(w.percent, 0.00) ELSE 100.00 END",
      type: "numeric",
    }),
  },
  unreadable: { at: zeroDate, completed_at: zeroDate },
  unique: [["user_id", "course_id"]],
};

const videoProgress: MappedTable = {
  disposition: "mapped",
  source: "video_progress",
  target: "learning.video_progress",
  key: ["user_id", "video_id"],
  range: { column: "user_id", target: "user_id", kind: "integer" },
  columns: {
    user_id: reference("user_id", "users"),
    video_id: reference("video_id", "videos"),
    position_seconds: copy("position", "real"),
    watched: copy("watched", "boolean"),
    updated_at: copy("at", "timestamptz"),
  },
  repairs: [
    filled("watched", { target: "watched", then: "false", reason: "the legacy system took nothing for false" }),
  ],
  unreadable: { watched: anyNumberIsTrue, at: zeroDate },
  unique: [["user_id", "video_id"]],
};

const certificates: MappedTable = {
  disposition: "mapped",
  source: "certificates",
  target: "learning.certificates",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    enrollment_id: reference("enrollment_id", "enrollments"),
    serial: copy("serial", "text"),
    issued_at: copy("issued_at", "timestamptz"),
  },
  unreadable: { issued_at: zeroDate },
};

const reviews: MappedTable = {
  disposition: "mapped",
  source: "reviews",
  target: "learning.reviews",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    course_id: reference("course_id", "courses"),
    user_id: reference("user_id", "users", "clear"),
    stars: copy("stars", "smallint"),
    body: copy("body", "text"),
    created_at: copy("at", "timestamptz"),
  },
  repairs: [
    {
      name: "stars-out-of-range",
      column: "stars",
      when: "t.stars NOT BETWEEN 1 AND 5",
      then: "NULL",
      reason: "stars is not between 1 and 5, and is left empty",
    },
  ],
  unreadable: { at: zeroDate },
};

const discounts: MappedTable = {
  disposition: "mapped",
  source: "discounts",
  target: "learning.discounts",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    course_id: reference("course_id", "courses"),
    code: copy("code", "text"),
    percent: copy("percent", "integer"),
    starts_on: copy("starts", "date"),
    ends_on: copy("ends", "date"),
  },
  rejects: [
    {
      name: "code-missing",
      when: "coalesce(t.code, '') = ''",
      reason: "nobody can ask for a discount without a code",
    },
    {
      name: "percent-out-of-range",
      when: "coalesce(t.percent NOT BETWEEN 0 AND 100, true)",
      reason: "percent is not between 0 and 100, and nobody is given a discount by a guess",
    },
  ],
  // Left empty, they would make the discount one without a beginning or an end.
  unreadable: { starts: "reject", ends: "reject" },
};

/** Courses, what they consist of, how far people got, and what they think of them. */
export const learning: readonly PlanTable[] = [
  categories,
  courses,
  sections,
  videos,
  enrollments,
  videoProgress,
  certificates,
  reviews,
  discounts,
];
