import { sql } from "kysely";
import { pageSize, type Paged } from "../console/paging.ts";
import type { Database } from "../database/database.ts";

/** What a user talked about with the assistant. */
export interface Conversation {
  readonly id: number;
  /** Title of the course that it was about. */
  readonly course: string | undefined;
  readonly startedAt: Date | undefined;
  readonly messages: number;
}

/** What the assistant has used for a user so far. */
export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

export interface Message {
  readonly id: number;
  /** Who said it: `user`, `assistant`, or what else the legacy system wrote. */
  readonly role: string | undefined;
  readonly content: string;
  readonly at: Date | undefined;
}

const messageCount = sql<number>`(SELECT count(*) FROM assistant.messages m WHERE m.conversation_id = v.id)`;

/** A page of a user's conversations, newest first; those of an unknown time come last. Two queries. */
export async function conversationsOf(database: Database, userId: number, page: number): Promise<Paged<Conversation>> {
  const own = database.selectFrom("assistant.conversations as v").where("v.user_id", "=", userId);
  const counted = own.select(({ fn }) => fn.countAll<number>().as("total")).executeTakeFirstOrThrow();
  const listed = own
    .leftJoin("learning.courses as c", "c.id", "v.course_id")
    .select(["v.id", "c.title", "v.started_at", messageCount.as("messages")])
    .orderBy("v.started_at", (order) => order.desc().nullsLast())
    .orderBy("v.id", "desc")
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute();
  const [{ total }, rows] = await Promise.all([counted, listed]);
  return {
    page,
    total,
    rows: rows.map(({ id, title, started_at, messages }) => ({
      id,
      course: title ?? undefined,
      startedAt: started_at ?? undefined,
      messages,
    })),
  };
}

/** One query. */
export async function usageOf(database: Database, userId: number): Promise<Usage> {
  const row = await database
    .selectFrom("assistant.token_usage")
    .select(({ fn }) => [
      fn.coalesce(fn.sum<number>("prompt_tokens"), sql<number>`0`).as("prompts"),
      fn.coalesce(fn.sum<number>("completion_tokens"), sql<number>`0`).as("completions"),
    ])
    .where("user_id", "=", userId)
    .executeTakeFirstOrThrow();
  return { promptTokens: row.prompts, completionTokens: row.completions };
}

/**
 * A page of a conversation's messages in their order. Undefined when there is no such conversation of this user: nobody
 * else's is shown to anybody. Two queries.
 */
export async function messagesOf(
  database: Database,
  { userId, conversationId, page }: { readonly userId: number; readonly conversationId: number; readonly page: number },
): Promise<Paged<Message> | undefined> {
  const own = await database
    .selectFrom("assistant.conversations as v")
    .select(messageCount.as("total"))
    .where("v.id", "=", conversationId)
    .where("v.user_id", "=", userId)
    .executeTakeFirst();
  if (own === undefined) return undefined;
  const rows = await database
    .selectFrom("assistant.messages")
    .select(["id", "role", "content", "at"])
    .where("conversation_id", "=", conversationId)
    .orderBy("at", (order) => order.asc().nullsLast())
    .orderBy("id")
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute();
  return {
    page,
    total: own.total,
    rows: rows.map(({ id, role, content, at }) => ({
      id,
      role: role ?? undefined,
      content: content ?? "",
      at: at ?? undefined,
    })),
  };
}
