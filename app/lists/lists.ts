import { pageSize, type Paged } from "../console/paging.ts";
import type { Database } from "../database/database.ts";

/** An uploaded list, as its owner sees it. */
export interface ListFile {
  readonly id: string;
  readonly name: string;
  /** Undefined where nobody has counted. */
  readonly rows: number | undefined;
  readonly bytes: number | undefined;
  readonly status: string;
  readonly uploadedAt: Date;
  /** How often it was cut. */
  readonly cuts: number;
  /** Whether its bytes are here; `waiting` for those that nobody has looked for yet. */
  readonly content: "landed" | "missing" | "damaged" | "waiting";
}

/** Conditions by which a list is cut, as somebody keeps them. */
export interface SavedFilter {
  readonly id: number;
  readonly name: string;
  readonly criteria: unknown;
  readonly isShared: boolean;
  readonly updatedAt: Date;
}

/** A page of a user's lists that are not deleted, the newest first. Two queries. */
export async function listsOf(database: Database, userId: number, page: number): Promise<Paged<ListFile>> {
  const own = database.selectFrom("lists.files as f").where("f.user_id", "=", userId).where("f.deleted_at", "is", null);
  const [{ total }, rows] = await Promise.all([
    own.select(({ fn }) => fn.countAll<number>().as("total")).executeTakeFirstOrThrow(),
    own
      .innerJoin("media.files as m", "m.id", "f.file_id")
      .leftJoin("media.transfers as t", "t.file_id", "m.id")
      .select(["f.id", "f.name", "f.row_count", "f.status", "f.uploaded_at", "m.size", "t.state"])
      .select((select) =>
        select
          .selectFrom("lists.cut_jobs as j")
          .whereRef("j.source_file_id", "=", "f.id")
          .select(({ fn }) => fn.countAll<number>().as("cuts"))
          .as("cuts"),
      )
      .orderBy("f.uploaded_at", "desc")
      .orderBy("f.id")
      .limit(pageSize)
      .offset((page - 1) * pageSize)
      .execute(),
  ]);
  return {
    page,
    total,
    rows: rows.map((row) => ({
      id: row.id,
      name: row.name,
      rows: row.row_count ?? undefined,
      bytes: row.size === null || row.size < 0 ? undefined : row.size,
      status: row.status,
      uploadedAt: row.uploaded_at,
      cuts: row.cuts ?? 0,
      content: row.state ?? "waiting",
    })),
  };
}

/** A user's own filters, the last changed first, 100 at most. One query. */
export async function savedFiltersOf(database: Database, userId: number): Promise<SavedFilter[]> {
  const rows = await database
    .selectFrom("lists.saved_filters as s")
    .select(["s.id", "s.name", "s.criteria", "s.is_shared", "s.updated_at"])
    .where("s.user_id", "=", userId)
    .orderBy("s.updated_at", "desc")
    .orderBy("s.id")
    .limit(pageSize)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    criteria: row.criteria,
    isShared: row.is_shared,
    updatedAt: row.updated_at,
  }));
}
