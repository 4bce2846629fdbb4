import { sql } from "kysely";
import type { Database } from "../database/database.ts";
import type { Hit, Reader, SearchingUser } from "./search.ts";

/**
 * What a user may see, by the rule of a course's page: courses that the user is enrolled in or teaches, and for a
 * superuser all of the system that the account came from. One query.
 */
export async function readerOf(database: Database, user: SearchingUser): Promise<Reader> {
  const rows = await database
    .selectFrom("learning.enrollments")
    .select("course_id as id")
    .where("user_id", "=", user.id)
    .union(database.selectFrom("learning.courses").select("id").where("instructor_id", "=", user.id))
    .execute();
  return { courses: rows.map(({ id }) => id), governs: user.isSuperuser ? (user.sourceSystem ?? null) : undefined };
}

/** A hit as it is shown. */
export interface ShownHit extends Hit {
  readonly courseTitle: string;
}

/**
 * Hits with the names of their courses as they are now. A hit whose course is gone, or not the reader's any more, is left
 * out: an index may be behind. One query.
 */
export async function withCourses(database: Database, reader: Reader, hits: readonly Hit[]): Promise<ShownHit[]> {
  const ids = [...new Set(hits.map(({ courseId }) => courseId))];
  if (ids.length === 0) return [];
  const courses = await database
    .selectFrom("learning.courses as c")
    .select(["c.id", "c.title"])
    .where("c.id", "in", ids)
    .where(isSeenBy(reader))
    .execute();
  const titles = new Map(courses.map(({ id, title }) => [id, title]));
  return hits.flatMap((hit) => {
    const courseTitle = titles.get(hit.courseId);
    return courseTitle === undefined ? [] : [{ ...hit, courseTitle }];
  });
}

/** The condition on a course `c` that a reader may see it. */
export function isSeenBy({ courses, governs }: Reader) {
  const own = sql<boolean>`c.id = ANY (${[...courses]}::bigint[])`;
  return governs === undefined ? own : sql<boolean>`(${own} OR c.source_system IS NOT DISTINCT FROM ${governs}::text)`;
}
