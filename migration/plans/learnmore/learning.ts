import { computed, copy, id, reference, type MappedTable, type PlanTable } from "../plan.ts";
import { clearUnreadableInstant, infiniteDuration, negative, unreadableInstant } from "../rules.ts";

const byId = { column: "id", target: "id", kind: "integer" } as const;

const courses: MappedTable = {
  disposition: "mapped",
  source: "courses_course",
  target: "learning.courses",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    migration_status: computed({ from: [], sql: "'migrated'", type: "text" }),
    instructor_id: reference("instructor_id", "auth_user"),
    title: copy("title", "text"),
    slug: copy("slug", "text"),
    description: copy("description", "text"),
    status: copy("status", "text"),
    settings: copy("settings", "jsonb"),
    created_at: copy("created_at", "timestamptz"),
    published_at: copy("published_at", "timestamptz"),
  },
  repairs: [clearUnreadableInstant("published_at", "published_at")],
  rejects: [unreadableInstant("created_at")],
};

const prerequisites: MappedTable = {
  disposition: "mapped",
  source: "courses_course_prerequisites",
  target: "learning.course_prerequisites",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    course_id: reference("from_course_id", "courses_course"),
    prerequisite_id: reference("to_course_id", "courses_course"),
  },
  rejects: [
    {
      name: "own-prerequisite",
      when: "t.from_course_id = t.to_course_id",
      reason: "a course cannot be its own prerequisite",
    },
  ],
  unique: [["course_id", "prerequisite_id"]],
};

const modules: MappedTable = {
  disposition: "mapped",
  source: "courses_module",
  target: "learning.modules",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    course_id: reference("course_id", "courses_course"),
    position: copy("position", "integer"),
    title: copy("title", "text"),
    content_type: copy("content_type", "text"),
    content: copy("content", "text"),
  },
  rejects: [negative("position")],
};

const enrollments: MappedTable = {
  disposition: "mapped",
  source: "courses_enrollment",
  target: "learning.enrollments",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    user_id: reference("user_id", "auth_user"),
    course_id: reference("course_id", "courses_course"),
    status: copy("status", "text"),
    enrolled_at: copy("enrolled_at", "timestamptz"),
  },
  rejects: [unreadableInstant("enrolled_at")],
  unique: [["user_id", "course_id"]],
};

const progress: MappedTable = {
  disposition: "mapped",
  source: "courses_progress",
  target: "learning.progress",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    enrollment_id: reference("enrollment_id", "courses_enrollment"),
    module_id: reference("module_id", "courses_module"),
    percent: copy("percent", "numeric"),
    completed_at: copy("completed_at", "timestamptz"),
    time_spent: copy("time_spent", "interval"),
  },
  repairs: [clearUnreadableInstant("completed_at", "completed_at")],
  rejects: [
    {
      name: "percent-out-of-range",
      when: "NOT (t.percent BETWEEN 0 AND 100)",
      reason: "percent is not between 0 and 100",
    },
    infiniteDuration("time_spent"),
  ],
  unique: [["enrollment_id", "module_id"]],
};

/** Courses, what they consist of, and how far people got. */
export const learning: readonly PlanTable[] = [courses, prerequisites, modules, enrollments, progress];
