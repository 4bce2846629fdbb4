import { sql } from "kysely";
import type { Database } from "../database/database.ts";
import { plainText, withoutMarks } from "./plain-text.ts";
import { documentKinds, type DocumentKey, type SearchDocument } from "./search.ts";

/** The documents as they are now, in any order; those that are gone are not among them. One query. */
export async function loadDocuments(database: Database, keys: readonly DocumentKey[]): Promise<SearchDocument[]> {
  const [courses = [], modules = [], quizzes = []] = documentKinds.map((kind) =>
    keys.filter((key) => key.kind === kind).map(({ id }) => id),
  );
  const { rows } = await sql<SearchDocument>`
    SELECT 'course' AS kind, c.id, c.id AS "courseId", c.source_system AS "sourceSystem", ${withoutMarks("c.title")} AS title,
      ${plainText("c.description")} AS body
    FROM learning.courses c WHERE c.id = ANY (${courses}::bigint[])
    UNION ALL
    SELECT 'module', m.id, c.id, c.source_system, ${withoutMarks("m.title")}, ${plainText("m.content")}
    FROM learning.modules m JOIN learning.courses c ON c.id = m.course_id WHERE m.id = ANY (${modules}::bigint[])
    UNION ALL
    SELECT 'quiz', q.id, c.id, c.source_system, ${withoutMarks("q.title")}, ''
    FROM quizzes.quizzes q JOIN learning.modules m ON m.id = q.module_id JOIN learning.courses c ON c.id = m.course_id
    WHERE q.id = ANY (${quizzes}::bigint[])`.execute(database);
  return rows;
}
