import type { Generated } from "kysely";

/* The assistant's tables as queries see them; see database/tables.ts. What may be empty is what the legacy system left out. */

interface Conversations {
  id: Generated<number>;
  user_id: number | null;
  course_id: number | null;
  started_at: Date | null;
}

interface Messages {
  id: Generated<number>;
  conversation_id: number;
  role: string | null;
  content: string | null;
  tokens: number | null;
  at: Date | null;
}

interface TokenUsage {
  id: Generated<number>;
  user_id: number | null;
  day: string | null;
  prompt_tokens: number | null;
  completion_tokens: number | null;
  cost: number | null;
}

export interface AssistantTables {
  "assistant.conversations": Conversations;
  "assistant.messages": Messages;
  "assistant.token_usage": TokenUsage;
}
