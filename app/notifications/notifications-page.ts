import { html } from "ghtml";
import type { User } from "../accounts/users.ts";
import { pageLinks } from "../console/page-links.ts";
import type { Paged } from "../console/paging.ts";
import { formatNumber, timeElement } from "../pages/format.ts";
import { layout, type Viewer } from "../pages/layout.ts";
import { plainText, table, userText, type Column } from "../pages/table.ts";
import type { Notification } from "./notifications.ts";

/** The page with what a user was told. */
export function notificationsPage(viewer: Viewer, user: User, notifications: Paged<Notification>): string {
  const columns: readonly Column<Notification>[] = [
    { heading: "Notification", cell: ({ body }) => (body.trim() === "" ? "(no text)" : userText(body)) },
    { heading: "Kind", cell: ({ kind }) => plainText(kind ?? "–") },
    { heading: "When", cell: ({ createdAt }) => timeElement(createdAt, user.timeZone) },
    {
      heading: "Read",
      cell: ({ readAt }) => (readAt === undefined ? "<strong>unread</strong>" : timeElement(readAt, user.timeZone)),
    },
  ];
  return layout({
    title: "Notifications",
    viewer,
    section: "/notifications",
    body: html`!${table(`Your notifications (${formatNumber(notifications.total)})`, columns, notifications.rows)}
    !${pageLinks("/notifications", notifications, {})}`,
  });
}
