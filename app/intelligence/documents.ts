import { sql, type Expression, type RawBuilder, type SqlBool } from "kysely";
import type { Paged } from "../console/paging.ts";
import type { Database } from "../database/database.ts";

/** A document as a list shows it. */
export interface DocumentSummary {
  readonly id: number;
  readonly title: string | undefined;
  /** The beginning of its text. */
  readonly beginning: string;
  readonly source: string | undefined;
  readonly language: string | undefined;
  /** Names that were found in it, a few at most. */
  readonly entities: readonly string[];
  /** From bad to good, -1 to 1 by what the collectors say; undefined where nobody has looked. */
  readonly sentiment: number | undefined;
  readonly publishedAt: Date | undefined;
}

export interface DocumentFilter {
  /** The system whose documents they are; undefined for those that were collected here. */
  readonly system: string | undefined;
  readonly sourceId: number | undefined;
  readonly language: string | undefined;
  /** From 1 to lastPage. */
  readonly page: number;
}

export interface DocumentSource {
  readonly id: number;
  readonly name: string;
}

/** Documents on a page. */
export const documentsOnPage = 50;
/** The last page that is given: pages are counted from the start, and nobody reads further. */
export const lastPage = 200;

const beginningLength = 300;
const mostEntities = 8;
const mostChoices = 500;

/**
 * A page of documents, the newest first, those without a day last. Its total counts no further than the last page goes.
 * Two queries.
 */
export async function newestDocuments(database: Database, filter: DocumentFilter): Promise<Paged<DocumentSummary>> {
  const { system, sourceId, language, page } = filter;
  let wanted = database.selectFrom("intelligence.documents as d").where(ofSystem(sql.ref("d.source_system"), system));
  if (sourceId !== undefined) wanted = wanted.where("d.source_id", "=", sourceId);
  if (language !== undefined) wanted = wanted.where("d.language", "=", language);
  const [{ total }, rows] = await Promise.all([
    database
      .selectFrom(
        wanted
          .select("d.id")
          .limit(documentsOnPage * lastPage)
          .as("some"),
      )
      .select(({ fn }) => fn.countAll<number>().as("total"))
      .executeTakeFirstOrThrow(),
    wanted
      .leftJoin("intelligence.sources as s", "s.id", "d.source_id")
      .select(["d.id", "d.title", "d.language", "d.entities", "d.sentiment", "d.published_at", "s.name"])
      .select(sql<string | null>`left(d.body, ${beginningLength})`.as("beginning"))
      .orderBy("d.published_at", (order) => order.desc().nullsLast())
      .orderBy("d.id", "desc")
      .limit(documentsOnPage)
      .offset((page - 1) * documentsOnPage)
      .execute(),
  ]);
  return {
    page,
    total,
    size: documentsOnPage,
    rows: rows.map((row) => ({
      id: row.id,
      title: row.title ?? undefined,
      beginning: row.beginning ?? "",
      source: row.name ?? undefined,
      language: row.language ?? undefined,
      entities: entityNames(row.entities),
      sentiment: row.sentiment ?? undefined,
      publishedAt: row.published_at ?? undefined,
    })),
  };
}

/** The sources of a system by name, 500 at most. One query. */
export async function documentSources(database: Database, system: string | undefined): Promise<DocumentSource[]> {
  return database
    .selectFrom("intelligence.sources as s")
    .select(["s.id", "s.name"])
    .where(ofSystem(sql.ref("s.source_system"), system))
    .orderBy("s.name")
    .orderBy("s.id")
    .limit(mostChoices)
    .execute();
}

/** The languages that a system's documents are in, in order, 500 at most. One query, which looks up each by itself. */
export async function documentLanguages(database: Database, system: string | undefined): Promise<string[]> {
  const next = (after: RawBuilder<unknown>): RawBuilder<unknown> => sql`
    SELECT d.language FROM intelligence.documents d
    WHERE ${ofSystem(sql.ref("d.source_system"), system)} AND d.language > ${after} ORDER BY d.language LIMIT 1`;
  const { rows } = await sql<{ language: string }>`WITH RECURSIVE found AS (
      (${next(sql`''`)})
      UNION ALL
      SELECT (${next(sql`f.language`)}) FROM found f WHERE f.language IS NOT NULL
    )
    SELECT language FROM found WHERE language IS NOT NULL LIMIT ${mostChoices}`.execute(database);
  return rows.map(({ language }) => language);
}

function ofSystem(column: Expression<unknown>, system: string | undefined): RawBuilder<SqlBool> {
  return system === undefined ? sql<SqlBool>`${column} IS NULL` : sql<SqlBool>`${column} = ${system}`;
}

/** The collectors write a list of `{"t": kind, "v": name}`; what is anything else names nothing. */
function entityNames(entities: unknown): string[] {
  if (!Array.isArray(entities)) return [];
  return entities
    .flatMap((entity: unknown) =>
      typeof entity === "object" && entity !== null && "v" in entity && typeof entity.v === "string" ? [entity.v] : [],
    )
    .slice(0, mostEntities);
}
