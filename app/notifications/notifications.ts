import { pageSize, type Paged } from "../console/paging.ts";
import type { Database } from "../database/database.ts";

/** What a user was told. */
export interface Notification {
  readonly id: number;
  readonly kind: string | undefined;
  readonly body: string;
  readonly createdAt: Date | undefined;
  /** Undefined while it is unread. */
  readonly readAt: Date | undefined;
}

/** A page of a user's notifications, newest first; those of an unknown time come last. Two queries. */
export async function notificationsOf(database: Database, userId: number, page: number): Promise<Paged<Notification>> {
  const own = database.selectFrom("notifications.notifications").where("user_id", "=", userId);
  const counted = own.select(({ fn }) => fn.countAll<number>().as("total")).executeTakeFirstOrThrow();
  const listed = own
    .select(["id", "kind", "body", "created_at", "read_at"])
    .orderBy("created_at", (order) => order.desc().nullsLast())
    .orderBy("id", "desc")
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute();
  const [{ total }, rows] = await Promise.all([counted, listed]);
  return {
    page,
    total,
    rows: rows.map(({ id, kind, body, created_at, read_at }) => ({
      id,
      kind: kind ?? undefined,
      body: body ?? "",
      createdAt: created_at ?? undefined,
      readAt: read_at ?? undefined,
    })),
  };
}
