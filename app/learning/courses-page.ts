import { html } from "ghtml";
import type { User } from "../accounts/users.ts";
import { formatNumber, timeElement } from "../pages/format.ts";
import { layout, type Viewer } from "../pages/layout.ts";
import { plainText, progressBar, table, userText, type Column } from "../pages/table.ts";
import type { EnrolledCourse, TaughtCourse } from "./courses.ts";

export interface CoursesContent {
  readonly enrolled: readonly EnrolledCourse[];
  readonly taught: readonly TaughtCourse[];
}

/** The page with the courses that a user takes and teaches. */
export function coursesPage(viewer: Viewer, user: User, { enrolled, taught }: CoursesContent): string {
  const takes: readonly Column<EnrolledCourse>[] = [
    { heading: "Course", cell: courseLink },
    { heading: "Status", cell: ({ status }) => plainText(status) },
    { heading: "Progress", cell: ({ percent, title }) => progressBar(percent, `Progress in ${title}`) },
    {
      heading: "Parts completed",
      cell: ({ completedParts, parts }) => plainText(`${formatNumber(completedParts)} of ${formatNumber(parts)}`),
    },
    { heading: "Enrolled", cell: ({ enrolledAt }) => timeElement(enrolledAt, user.timeZone) },
  ];
  const teaches: readonly Column<TaughtCourse>[] = [
    { heading: "Course", cell: courseLink },
    { heading: "Status", cell: ({ status }) => plainText(status) },
    { heading: "Enrolled", cell: ({ enrollments }) => plainText(formatNumber(enrollments)), isNumber: true },
  ];
  return layout({
    title: "Courses",
    viewer,
    section: "/courses",
    body: html`!${table("Your courses", takes, enrolled)}
    !${taught.length === 0 ? "" : table("Courses that you teach", teaches, taught)}`,
  });
}

function courseLink({ id, title }: { readonly id: number; readonly title: string }): string {
  return html`<a href="/courses/${id}">!${userText(title)}</a>`;
}
