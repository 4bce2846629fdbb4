import { sql } from "kysely";
import type { User } from "../accounts/users.ts";
import type { Database } from "../database/database.ts";
import { courseSections, type CourseSection } from "./sections.ts";

/** A course that the user is enrolled in, with the progress in it. */
export interface EnrolledCourse {
  readonly id: number;
  readonly title: string;
  readonly status: string;
  /** Undefined where the legacy system does not say. */
  readonly enrolledAt: Date | undefined;
  /** Modules and videos. */
  readonly parts: number;
  readonly completedParts: number;
  /** 0 to 100: the mean over the course's modules, of which one not begun counts as 0, else what the enrolment says. */
  readonly percent: number;
}

export interface TaughtCourse {
  readonly id: number;
  readonly title: string;
  readonly status: string;
  readonly enrollments: number;
}

/** The courses of a user, newest enrolment first. One query. */
export async function enrolledCourses(database: Database, userId: number): Promise<EnrolledCourse[]> {
  const rows = await database
    .selectFrom("learning.enrollments as e")
    .innerJoin("learning.courses as c", "c.id", "e.course_id")
    .leftJoin("learning.modules as m", "m.course_id", "c.id")
    .leftJoin("learning.progress as p", (join) =>
      join.onRef("p.module_id", "=", "m.id").onRef("p.enrollment_id", "=", "e.id"),
    )
    .select(["c.id", "c.title", "e.status", "e.enrolled_at", "e.progress_percentage"])
    .select(({ fn }) => [
      fn.count<number>("m.id").as("modules"),
      fn.count<number>("p.completed_at").as("completed"),
      fn.coalesce(fn.sum<number>("p.percent"), sql<number>`0`).as("percents"),
      sql<number>`(SELECT count(*) FROM learning.videos v JOIN learning.sections s ON s.id = v.section_id
        WHERE s.course_id = ${sql.ref("c.id")})`.as("videos"),
      sql<number>`(SELECT count(*) FROM learning.video_progress w JOIN learning.videos v ON v.id = w.video_id
        JOIN learning.sections s ON s.id = v.section_id
        WHERE s.course_id = ${sql.ref("c.id")} AND w.user_id = ${userId} AND w.watched)`.as("watched"),
    ])
    .where("e.user_id", "=", userId)
    .groupBy(["c.id", "e.id"])
    .orderBy("e.enrolled_at", (order) => order.desc().nullsLast())
    .orderBy("e.id", "desc")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    title: row.title,
    status: row.status,
    enrolledAt: row.enrolled_at ?? undefined,
    parts: row.modules + row.videos,
    completedParts: row.completed + row.watched,
    percent: row.modules === 0 ? (row.progress_percentage ?? 0) : row.percents / row.modules,
  }));
}

/** The courses that a user teaches, by title. One query. */
export async function taughtCourses(database: Database, userId: number): Promise<TaughtCourse[]> {
  return database
    .selectFrom("learning.courses as c")
    .leftJoin("learning.enrollments as e", "e.course_id", "c.id")
    .select(["c.id", "c.title", "c.status"])
    .select(({ fn }) => fn.count<number>("e.id").as("enrollments"))
    .where("c.instructor_id", "=", userId)
    .groupBy("c.id")
    .orderBy("c.title")
    .orderBy("c.id")
    .execute();
}

export interface Quiz {
  readonly id: number;
  readonly title: string;
  readonly passMark: number;
  readonly attempts: readonly QuizAttempt[];
}

export interface QuizAttempt {
  readonly id: number;
  readonly startedAt: Date;
  readonly finishedAt: Date | undefined;
  readonly score: number | undefined;
  readonly pointsWon: number;
  readonly pointsPossible: number;
  readonly passed: boolean;
}

export interface CourseModule {
  readonly id: number;
  readonly position: number;
  readonly title: string;
  readonly contentType: string;
  /** Undefined where the user has not begun, as are the two below. */
  readonly percent: number | undefined;
  readonly completedAt: Date | undefined;
  readonly secondsSpent: number | undefined;
  readonly quizzes: readonly Quiz[];
}

export interface Course {
  readonly id: number;
  readonly title: string;
  readonly description: string;
  readonly status: string;
  /** Undefined where the account is gone. */
  readonly instructor: string | undefined;
  readonly prerequisites: readonly string[];
  /** Undefined for whoever looks without being enrolled. */
  readonly enrollment: { readonly status: string; readonly enrolledAt: Date | undefined } | undefined;
  readonly modules: readonly CourseModule[];
  readonly sections: readonly CourseSection[];
}

/**
 * A course as a user sees it, with the user's own progress and attempts. Undefined when there is none with this id or
 * the user may not see it: only those enrolled, its instructor, and superusers of the system that it came from do.
 * At most five queries.
 */
export async function findCourse(database: Database, user: User, courseId: number): Promise<Course | undefined> {
  const course = await database
    .selectFrom("learning.courses as c")
    .leftJoin("accounts.users as i", "i.id", "c.instructor_id")
    .leftJoin("learning.enrollments as e", (join) =>
      join.onRef("e.course_id", "=", "c.id").on("e.user_id", "=", user.id),
    )
    .select(["c.id", "c.title", "c.description", "c.status", "c.source_system", "c.instructor_id"])
    .select([
      "i.username",
      "i.first_name",
      "i.last_name",
      "e.id as enrollment_id",
      "e.status as enrollment",
      "e.enrolled_at",
    ])
    .select(
      sql<
        string[]
      >`ARRAY(SELECT b.title FROM learning.course_prerequisites n JOIN learning.courses b ON b.id = n.prerequisite_id
        WHERE n.course_id = c.id ORDER BY b.title)`.as("prerequisites"),
    )
    .where("c.id", "=", courseId)
    .executeTakeFirst();
  if (course === undefined) return undefined;
  const governs = user.isSuperuser && user.sourceSystem === (course.source_system ?? undefined);
  if (course.enrollment_id === null && course.instructor_id !== user.id && !governs) return undefined;
  const [modules, quizzes, sections] = await Promise.all([
    courseModules(database, { courseId, enrollmentId: course.enrollment_id ?? 0 }),
    courseQuizzes(database, { courseId, userId: user.id }),
    courseSections(database, { courseId, userId: user.id }),
  ]);
  const instructor = `${course.first_name ?? ""} ${course.last_name ?? ""}`.trim();
  return {
    id: course.id,
    title: course.title,
    description: course.description,
    status: course.status,
    instructor: instructor === "" ? (course.username ?? undefined) : instructor,
    prerequisites: course.prerequisites,
    enrollment:
      course.enrollment === null
        ? undefined
        : { status: course.enrollment, enrolledAt: course.enrolled_at ?? undefined },
    modules: modules.map((module) => ({ ...module, quizzes: quizzes.get(module.id) ?? [] })),
    sections,
  };
}

async function courseModules(
  database: Database,
  { courseId, enrollmentId }: { readonly courseId: number; readonly enrollmentId: number },
): Promise<Omit<CourseModule, "quizzes">[]> {
  const rows = await database
    .selectFrom("learning.modules as m")
    .leftJoin("learning.progress as p", (join) =>
      join.onRef("p.module_id", "=", "m.id").on("p.enrollment_id", "=", enrollmentId),
    )
    .select(["m.id", "m.position", "m.title", "m.content_type", "p.percent", "p.completed_at"])
    .select(sql<number | null>`extract(epoch FROM p.time_spent)`.as("seconds"))
    .where("m.course_id", "=", courseId)
    .orderBy("m.position")
    .orderBy("m.id")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    position: row.position,
    title: row.title,
    contentType: row.content_type,
    percent: row.percent ?? undefined,
    completedAt: row.completed_at ?? undefined,
    secondsSpent: row.seconds ?? undefined,
  }));
}

/** The quizzes of a course by module, each with the user's attempts. */
async function courseQuizzes(
  database: Database,
  { courseId, userId }: { readonly courseId: number; readonly userId: number },
): Promise<Map<number, Quiz[]>> {
  const quizzes = await database
    .selectFrom("quizzes.quizzes as q")
    .innerJoin("learning.modules as m", "m.id", "q.module_id")
    .select(["q.id", "q.module_id", "q.title", "q.pass_mark"])
    .where("m.course_id", "=", courseId)
    .orderBy("q.id")
    .execute();
  const ids = quizzes.map(({ id }) => id);
  const attempts = ids.length === 0 ? [] : await quizAttempts(database, userId, ids);
  const byModule = new Map<number, Quiz[]>();
  for (const { id, module_id, title, pass_mark } of quizzes) {
    const own = attempts.filter(({ quizId }) => quizId === id);
    byModule.set(module_id, [...(byModule.get(module_id) ?? []), { id, title, passMark: pass_mark, attempts: own }]);
  }
  return byModule;
}

async function quizAttempts(
  database: Database,
  userId: number,
  quizIds: readonly number[],
): Promise<(QuizAttempt & { readonly quizId: number })[]> {
  const rows = await database
    .selectFrom("quizzes.results as r")
    .innerJoin("quizzes.attempts as a", "a.id", "r.attempt_id")
    .select([
      "a.id",
      "a.quiz_id",
      "a.started_at",
      "r.finished_at",
      "r.score",
      "r.points_won",
      "r.points_possible",
      "r.passed",
    ])
    .where("r.user_id", "=", userId)
    .where("r.quiz_id", "in", quizIds)
    .orderBy("a.started_at")
    .orderBy("a.id")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    quizId: row.quiz_id,
    startedAt: row.started_at,
    finishedAt: row.finished_at ?? undefined,
    score: row.score ?? undefined,
    pointsWon: row.points_won,
    pointsPossible: row.points_possible,
    passed: row.passed,
  }));
}
