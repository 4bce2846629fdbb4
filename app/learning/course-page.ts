import { html } from "ghtml";
import type { User } from "../accounts/users.ts";
import { formatDuration, formatNumber, timeElement } from "../pages/format.ts";
import { layout, type Viewer } from "../pages/layout.ts";
import { plainText, progressBar, table, userText, type Column } from "../pages/table.ts";
import type { Course, CourseModule, Quiz, QuizAttempt } from "./courses.ts";
import type { CourseSection, CourseVideo } from "./sections.ts";

/** The page of one course with the user's own progress and quiz attempts. */
export function coursePage(viewer: Viewer, user: User, course: Course): string {
  const quizzes = course.modules.flatMap(({ quizzes: own }) => own);
  return layout({
    title: course.title,
    viewer,
    section: "/courses",
    body: html`<p dir="auto">${course.description}</p>
      <dl>
        <dt>Instructor</dt>
        <dd>!${course.instructor === undefined ? "–" : userText(course.instructor)}</dd>
        <dt>Course is</dt>
        <dd>${course.status}</dd>
        !${course.enrollment === undefined ? "" : enrollment(course.enrollment, user)}!${prerequisites(course.prerequisites)}
      </dl>
      !${course.modules.length === 0 && course.sections.length > 0 ? "" : table("Modules", moduleColumns(user), course.modules)}
      !${course.sections.map(sectionTable)}
      !${
        quizzes.length === 0
          ? ""
          : html`<h2>Quizzes</h2>
              !${quizzes.map((quiz) => quizSection(quiz, user))}`
      }`,
  });
}

function enrollment({ status, enrolledAt }: NonNullable<Course["enrollment"]>, user: User): string {
  return html`<dt>Your enrolment</dt>
    <dd>${status}!${enrolledAt === undefined ? "" : `, since ${timeElement(enrolledAt, user.timeZone)}`}</dd> `;
}

function prerequisites(titles: readonly string[]): string {
  if (titles.length === 0) return "";
  return html`<dt>Prerequisites</dt>
    <dd>!${titles.map(userText).join("; ")}</dd> `;
}

function moduleColumns(user: User): readonly Column<CourseModule>[] {
  return [
    { heading: "Module", cell: ({ title }) => userText(title) },
    { heading: "Kind", cell: ({ contentType }) => plainText(contentType) },
    {
      heading: "Progress",
      cell: ({ percent, title }) => (percent === undefined ? "–" : progressBar(percent, `Progress in ${title}`)),
    },
    { heading: "Time spent", cell: ({ secondsSpent }) => plainText(formatDuration(secondsSpent)) },
    { heading: "Completed", cell: ({ completedAt }) => timeElement(completedAt, user.timeZone) },
  ];
}

function sectionTable({ title, videos }: CourseSection): string {
  const columns: readonly Column<CourseVideo>[] = [
    { heading: "Video", cell: (video) => userText(video.title) },
    { heading: "Length", cell: ({ seconds }) => plainText(formatDuration(seconds)) },
    { heading: "Seen as far as", cell: ({ positionSeconds }) => plainText(formatDuration(positionSeconds)) },
    { heading: "Watched", cell: ({ watched }) => (watched ? '<span class="good">yes</span>' : "no") },
  ];
  return table(title, columns, videos);
}

function quizSection(quiz: Quiz, user: User): string {
  const columns: readonly Column<QuizAttempt>[] = [
    { heading: "Attempt", cell: ({ startedAt }) => timeElement(startedAt, user.timeZone) },
    { heading: "Finished", cell: ({ finishedAt }) => timeElement(finishedAt, user.timeZone) },
    { heading: "Score", cell: ({ score }) => plainText(formatNumber(score)), isNumber: true },
    {
      heading: "Points",
      cell: ({ pointsWon, pointsPossible }) =>
        plainText(`${formatNumber(pointsWon)} of ${formatNumber(pointsPossible)}`),
      isNumber: true,
    },
    { heading: "Result", cell: result },
  ];
  return html`<section>
    <h3 dir="auto">${quiz.title}</h3>
    <p class="muted">Pass mark: ${formatNumber(quiz.passMark)}</p>
    !${table("Your attempts", columns, quiz.attempts)}
  </section> `;
}

function result({ passed, finishedAt }: QuizAttempt): string {
  if (finishedAt === undefined) return "not finished";
  return passed ? '<span class="good">passed</span>' : '<span class="bad">not passed</span>';
}
