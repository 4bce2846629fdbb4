import { sql, type RawBuilder } from "kysely";
import type { Paged } from "../console/paging.ts";
import type { Database } from "../database/database.ts";
import { countMarks, marks, pieces } from "./excerpt.ts";
import { plainText, withoutMarks } from "./plain-text.ts";
import { isSeenBy } from "./reader.ts";
import { hitsOnPage, type DocumentKind, type Hit, type Question, type Search } from "./search.ts";

interface Row {
  readonly kind: DocumentKind;
  readonly id: number;
  readonly courseId: number;
  readonly title: string;
  readonly titles: readonly string[];
  readonly bodies: readonly string[];
  readonly total: number;
}

/**
 * Postgres full text search over columns that Postgres itself keeps current (schema migration 0008). Titles weigh more.
 * Words are found in their other forms in English, German and Spanish, with or without accents; in other languages as
 * they are written. Where that finds nothing, titles that contain what was typed are given, as scripts without spaces
 * have no words to go by. One query, or two.
 */
export function postgresSearch(database: Database): Search {
  return {
    async find(question) {
      const found = await byWords(database, question).catch((error: unknown) => {
        if (isTooComplex(error)) return { page: question.page, size: hitsOnPage, total: 0, rows: [] };
        throw error;
      });
      return found.rows.length > 0 || question.page > 1 ? found : byTitle(database, question);
    },
  };
}

// https://www.postgresql.org/docs/17/textsearch-controls.html#TEXTSEARCH-HEADLINE
const titleOptions = `StartSel=${marks.start}, StopSel=${marks.end}, HighlightAll=true`;
const bodyOptions = `StartSel=${marks.start}, StopSel=${marks.end}, MaxFragments=1, MaxWords=35, MinWords=20`;
const headlines = (text: RawBuilder<string>, options: string) =>
  sql<string[]>`ARRAY[ts_headline('search.english'::regconfig, ${text}, query, ${options}),
    ts_headline('search.german'::regconfig, ${text}, query, ${options}),
    ts_headline('search.spanish'::regconfig, ${text}, query, ${options})]`;

async function byWords(database: Database, { text, reader, page }: Question): Promise<Paged<Hit>> {
  const seen = isSeenBy(reader);
  const { rows } = await sql<Row>`
    WITH asked AS MATERIALIZED (SELECT search.query(${text}) AS query),
    found AS (
      SELECT 'course' AS kind, c.id, c.id AS course_id, c.title, c.description AS body, ts_rank(c.search, query) AS rank
      FROM asked, learning.courses c WHERE c.search @@ query AND ${seen}
      UNION ALL
      SELECT 'module', m.id, c.id, m.title, m.content, ts_rank(m.search, query)
      FROM asked, learning.modules m JOIN learning.courses c ON c.id = m.course_id WHERE m.search @@ query AND ${seen}
      UNION ALL
      SELECT 'quiz', q.id, c.id, q.title, '', ts_rank(q.search, query)
      FROM asked, quizzes.quizzes q JOIN learning.modules m ON m.id = q.module_id JOIN learning.courses c ON c.id = m.course_id
      WHERE q.search @@ query AND ${seen}
    ),
    shown AS (
      SELECT *, count(*) OVER () AS total FROM found
      ORDER BY rank DESC, kind, id LIMIT ${hitsOnPage} OFFSET ${(page - 1) * hitsOnPage}
    )
    SELECT kind, id, course_id AS "courseId", title, total, ${headlines(withoutMarks("title"), titleOptions)} AS titles,
      ${headlines(plainText("body"), bodyOptions)} AS bodies
    FROM shown, asked ORDER BY rank DESC, kind, id`.execute(database);
  return paged(page, rows, rows[0]?.total ?? 0);
}

async function byTitle(database: Database, { text, reader, page }: Question): Promise<Paged<Hit>> {
  const seen = isSeenBy(reader);
  const wanted = text.trim();
  if (wanted.length < 2) return { page, total: 0, rows: [], size: hitsOnPage };
  const contains = sql<boolean>`strpos(lower(title), lower(${wanted})) > 0`;
  const { rows } = await sql<Omit<Row, "total">>`
    WITH found AS (
      SELECT 'course' AS kind, c.id, c.id AS course_id, c.title FROM learning.courses c WHERE ${seen}
      UNION ALL
      SELECT 'module', m.id, c.id, m.title FROM learning.modules m JOIN learning.courses c ON c.id = m.course_id WHERE ${seen}
      UNION ALL
      SELECT 'quiz', q.id, c.id, q.title
      FROM quizzes.quizzes q JOIN learning.modules m ON m.id = q.module_id JOIN learning.courses c ON c.id = m.course_id
      WHERE ${seen}
    )
    SELECT kind, id, course_id AS "courseId", title, ARRAY[title] AS titles, ARRAY[]::text[] AS bodies
    FROM found WHERE ${contains} ORDER BY kind, id LIMIT ${hitsOnPage}`.execute(database);
  return paged(page, rows, rows.length);
}

// program_limit_exceeded: some thirty operators in a row, https://www.postgresql.org/docs/17/errcodes-appendix.html
function isTooComplex(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "54000";
}

function paged(page: number, rows: readonly Omit<Row, "total">[], total: number): Paged<Hit> {
  return {
    page,
    size: hitsOnPage,
    total,
    rows: rows.map(({ kind, id, courseId, title, titles, bodies }) => ({
      kind,
      id,
      courseId,
      title: pieces(best(titles) ?? title),
      snippet: pieces(best(bodies) ?? ""),
    })),
  };
}

/** The text in which the most was found. */
function best(texts: readonly string[]): string | undefined {
  return [...texts].sort((one, other) => countMarks(other) - countMarks(one))[0];
}
