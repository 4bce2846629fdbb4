import type { Database } from "../database/database.ts";

/** A video of a course, with how far the user got in it. */
export interface CourseVideo {
  readonly id: number;
  readonly title: string;
  readonly seconds: number | undefined;
  /** Undefined where the user has not begun. */
  readonly positionSeconds: number | undefined;
  readonly watched: boolean;
}

export interface CourseSection {
  readonly id: number;
  readonly title: string;
  readonly videos: readonly CourseVideo[];
}

/** The sections of a course in their order, each with its videos and the user's own progress in them. One query. */
export async function courseSections(
  database: Database,
  { courseId, userId }: { readonly courseId: number; readonly userId: number },
): Promise<CourseSection[]> {
  const rows = await database
    .selectFrom("learning.sections as s")
    .leftJoin("learning.videos as v", "v.section_id", "s.id")
    .leftJoin("learning.video_progress as p", (join) =>
      join.onRef("p.video_id", "=", "v.id").on("p.user_id", "=", userId),
    )
    .select(["s.id as section_id", "s.title as section", "v.id", "v.title", "v.seconds"])
    .select(["p.position_seconds", "p.watched"])
    .where("s.course_id", "=", courseId)
    .orderBy("s.position")
    .orderBy("s.id")
    .orderBy("v.id")
    .execute();
  const sections = new Map<number, { id: number; title: string; videos: CourseVideo[] }>();
  for (const row of rows) {
    const section = sections.get(row.section_id) ?? { id: row.section_id, title: row.section, videos: [] };
    sections.set(row.section_id, section);
    if (row.id === null || row.title === null) continue;
    section.videos.push({
      id: row.id,
      title: row.title,
      seconds: row.seconds ?? undefined,
      positionSeconds: row.position_seconds ?? undefined,
      watched: row.watched ?? false,
    });
  }
  return [...sections.values()];
}
