import type pg from "pg";

/** Where LearnMore's and Unpuzzle's ids begin. */
const learnmore = 2 ** 40;
const unpuzzle = 3 * 2 ** 40;

/** Ids of the fixture's courses. */
export const courses = { arabic: learnmore + 1, taught: learnmore + 2, foreign: learnmore + 3, other: unpuzzle + 1 };

/** The password of every account in the fixture that has one. */
export const password = "Old password 🔑";
/** Salted MD5 of it, as Django wrote it: quick to check, and a legacy scheme. */
const hash = "md5$salt$382e6f98c863599861b463114ce6b42f";

/**
 * A handful of people and courses:
 * ada takes the Arabic course and teaches another; bob takes none; root is LearnMore's superuser; ines is inactive;
 * uma's password is unusable; rita's must be reset; eva is in LearnMore and in Unpuzzle; the twins share an e-mail.
 */
export async function loadFixture(client: pg.Client, encoded: string = hash): Promise<void> {
  const users: [number, string, Record<string, unknown>][] = [
    [learnmore + 1, "ada", { first_name: "Ada", last_name: "<Lovelace>", email: "Ada@Example.org" }],
    [learnmore + 2, "bob", {}],
    [learnmore + 3, "root", { is_superuser: true }],
    [learnmore + 4, "ines", { is_active: false }],
    [learnmore + 5, "uma", { password: "!unusable" }],
    [learnmore + 6, "rita", { password_reset_required: true }],
    [learnmore + 7, "eva", {}],
    [unpuzzle + 7, "eva", {}],
    [learnmore + 8, "twin1", { email: "twins@example.org" }],
    [learnmore + 9, "twin2", { email: "Twins@example.org" }],
    [learnmore + 10, "zoë", {}],
  ];
  for (const [id, username, more] of users) {
    await insert(client, "accounts.users", {
      ...origin(id),
      username,
      email: "",
      first_name: "",
      last_name: "",
      password: encoded,
      is_active: true,
      is_staff: false,
      is_superuser: false,
      joined_at: "2020-01-02T03:04:05Z",
      ...more,
    });
  }
  await insert(client, "accounts.profiles", {
    user_id: learnmore + 1,
    source_system: "learnmore",
    legacy_id: "1",
    bio: "Counts.",
    timezone: "America/Bogota",
    preferences: "{}",
  });
  await insert(client, "accounts.roles", { ...origin(learnmore + 1), name: "students" });
  await insert(client, "accounts.user_roles", {
    source_system: "learnmore",
    legacy_id: "1",
    user_id: learnmore + 1,
    role_id: learnmore + 1,
  });
  const courseRows: [number, number, string][] = [
    [courses.arabic, learnmore + 3, "مقدمة & <b>bold</b>"],
    [courses.taught, learnmore + 1, "Engines"],
    [courses.foreign, learnmore + 3, "Foreign"],
    [courses.other, unpuzzle + 7, "Puzzles"],
  ];
  for (const [id, instructor, title] of courseRows) {
    await insert(client, "learning.courses", {
      ...origin(id),
      migration_status: "migrated",
      instructor_id: instructor,
      title,
      slug: `course-${id.toString()}`,
      description: "וגם תיאור",
      status: "published",
      settings: "{}",
      created_at: "2020-01-01T00:00:00Z",
    });
  }
  await insert(client, "learning.course_prerequisites", {
    ...origin(learnmore + 1),
    course_id: courses.arabic,
    prerequisite_id: courses.foreign,
  });
  const moduleRows: [number, number, string][] = [
    [learnmore + 1, 1, "Begin"],
    [learnmore + 2, 2, "Go on"],
    [learnmore + 3, 3, "End"],
  ];
  for (const [id, position, title] of moduleRows) {
    await insert(client, "learning.modules", {
      ...origin(id),
      course_id: courses.arabic,
      position,
      title,
      content_type: "text",
      content: "",
    });
  }
  await insert(client, "learning.enrollments", {
    ...origin(learnmore + 1),
    user_id: learnmore + 1,
    course_id: courses.arabic,
    status: "active",
    enrolled_at: "2021-01-01T12:00:00Z",
  });
  await insert(client, "learning.progress", {
    ...origin(learnmore + 1),
    enrollment_id: learnmore + 1,
    module_id: learnmore + 1,
    percent: "100",
    completed_at: "2021-02-03T04:05:06Z",
    time_spent: "1 day 02:03:04",
  });
  await insert(client, "learning.progress", {
    ...origin(learnmore + 2),
    enrollment_id: learnmore + 1,
    module_id: learnmore + 2,
    percent: "50.5",
    time_spent: "00:05:07",
  });
  await insert(client, "quizzes.quizzes", {
    ...origin(learnmore + 1),
    module_id: learnmore + 1,
    title: "Quiz one",
    pass_mark: 60,
  });
  await insert(client, "quizzes.questions", {
    ...origin(learnmore + 1),
    quiz_id: learnmore + 1,
    kind: "plain",
    position: 1,
    points: 4,
    text: "?",
  });
  await insert(client, "quizzes.attempts", {
    ...origin(learnmore + 1),
    user_id: learnmore + 1,
    quiz_id: learnmore + 1,
    started_at: "2021-02-01T00:00:00Z",
    finished_at: "2021-02-01T00:10:00Z",
    score: "75.5",
  });
  await insert(client, "quizzes.responses", {
    ...origin(learnmore + 1),
    attempt_id: learnmore + 1,
    question_id: learnmore + 1,
    awarded: "3",
  });
}

function origin(id: number): Record<string, unknown> {
  const system = id > unpuzzle ? "unpuzzle" : "learnmore";
  return { id, source_system: system, legacy_id: (id % 2 ** 40).toString() };
}

/** Inserts one row; the columns are the object's names. */
export async function insert(client: pg.Client, table: string, row: Record<string, unknown>): Promise<void> {
  const columns = Object.keys(row);
  const places = columns.map((_, index) => `$${(index + 1).toString()}`);
  await client.query(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${places.join(", ")})`, Object.values(row));
}
