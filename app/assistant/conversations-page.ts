import { html } from "ghtml";
import type { User } from "../accounts/users.ts";
import { pageLinks } from "../console/page-links.ts";
import type { Paged } from "../console/paging.ts";
import { formatNumber, timeElement } from "../pages/format.ts";
import { layout, type Viewer } from "../pages/layout.ts";
import { plainText, table, userText, type Column } from "../pages/table.ts";
import type { Conversation, Message, Usage } from "./conversations.ts";

export interface ConversationsContent {
  readonly conversations: Paged<Conversation>;
  readonly usage: Usage;
}

/** The page with a user's conversations with the assistant. */
export function conversationsPage(viewer: Viewer, user: User, { conversations, usage }: ConversationsContent): string {
  const columns: readonly Column<Conversation>[] = [
    {
      heading: "About",
      cell: ({ id, course }) =>
        html`<a href="/conversations/${id}">!${course === undefined ? "anything" : userText(course)}</a>`,
    },
    { heading: "Begun", cell: ({ startedAt }) => timeElement(startedAt, user.timeZone) },
    { heading: "Messages", cell: ({ messages }) => plainText(formatNumber(messages)), isNumber: true },
  ];
  return layout({
    title: "Conversations",
    viewer,
    section: "/conversations",
    body: html`!${table(`Your conversations (${formatNumber(conversations.total)})`, columns, conversations.rows)}
      !${pageLinks("/conversations", conversations, {})}
      <p class="muted">
        The assistant has read ${formatNumber(usage.promptTokens)} tokens for you and written
        ${formatNumber(usage.completionTokens)}.
      </p>`,
  });
}

/** The page of one conversation. */
export function conversationPage(viewer: Viewer, user: User, of: { id: number; messages: Paged<Message> }): string {
  const columns: readonly Column<Message>[] = [
    { heading: "Who", cell: ({ role }) => plainText(role ?? "–") },
    { heading: "Said", cell: ({ content }) => (content === "" ? "(nothing)" : userText(content)) },
    { heading: "When", cell: ({ at }) => timeElement(at, user.timeZone) },
  ];
  return layout({
    title: "Conversation",
    viewer,
    section: "/conversations",
    body: html`!${table("Messages", columns, of.messages.rows)}
      !${pageLinks(`/conversations/${of.id.toString()}`, of.messages, {})}
      <p><a href="/conversations">All conversations</a></p>`,
  });
}
