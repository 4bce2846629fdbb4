import { computed, copy, id, reference, type FoldedTable, type MappedTable, type PlanTable } from "../plan.ts";
import { clearNotANumber, clearUnreadableInstant, negative, unreadableInstant } from "../rules.ts";

const byId = { column: "id", target: "id", kind: "integer" } as const;

const quizTable: MappedTable = {
  disposition: "mapped",
  source: "quizzes_quiz",
  target: "quizzes.quizzes",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    module_id: reference("module_id", "courses_module"),
    title: copy("title", "text"),
    pass_mark: copy("pass_mark", "integer"),
    time_limit: copy("time_limit", "interval"),
  },
  repairs: [
    {
      name: "time-limit-infinite",
      column: "time_limit",
      when: "NOT isfinite(t.time_limit)",
      then: "NULL",
      reason: "an infinite time limit is no limit, which is what an empty one means",
    },
  ],
  rejects: [negative("pass_mark")],
};

// Django keeps a question in one table and what only its kind has in another, under the same key.
const questions: MappedTable = {
  disposition: "mapped",
  source: "quizzes_question",
  target: "quizzes.questions",
  key: "id",
  range: byId,
  joins: [
    { table: "quizzes_multiplechoicequestion", as: "m", key: "question_ptr_id", column: "id", missing: "allow" },
    { table: "quizzes_essayquestion", as: "e", key: "question_ptr_id", column: "id", missing: "allow" },
  ],
  columns: {
    id: id("id"),
    quiz_id: reference("quiz_id", "quizzes_quiz"),
    kind: computed({
      from: ["m.question_ptr_id", "e.question_ptr_id"],
      sql: `CASE WHEN m.question_ptr_id IS NOT NULL THEN 'multiple_choice'
            WHEN e.question_ptr_id IS NOT NULL THEN 'essay' ELSE 'plain' END`,
      type: "text",
    }),
    position: copy("position", "integer"),
    points: copy("points", "integer"),
    text: copy("text", "text"),
    shuffle: computed({ from: ["m.shuffle"], sql: "m.shuffle", type: "boolean" }),
    word_limit: computed({ from: ["e.word_limit"], sql: "e.word_limit", type: "integer" }),
    rubric: computed({ from: ["e.rubric"], sql: "e.rubric", type: "jsonb" }),
  },
  rejects: [
    {
      name: "question-of-two-kinds",
      when: "m.question_ptr_id IS NOT NULL AND e.question_ptr_id IS NOT NULL",
      reason: "the question is a multiple choice and an essay at once",
    },
    negative("position"),
    negative("points"),
  ],
};

const multipleChoice: FoldedTable = {
  disposition: "folded",
  source: "quizzes_multiplechoicequestion",
  key: "question_ptr_id",
  reason: "a multiple choice is a question with kind multiple_choice",
  into: { target: "quizzes.questions", where: "kind = 'multiple_choice'" },
  references: [{ column: "question_ptr_id", to: "quizzes_question" }],
  back: { question_ptr_id: "legacy_id::bigint", shuffle: "shuffle" },
};

const essay: FoldedTable = {
  disposition: "folded",
  source: "quizzes_essayquestion",
  key: "question_ptr_id",
  reason: "an essay is a question with kind essay",
  into: { target: "quizzes.questions", where: "kind = 'essay'" },
  references: [{ column: "question_ptr_id", to: "quizzes_question" }],
  back: { question_ptr_id: "legacy_id::bigint", word_limit: "word_limit", rubric: "rubric" },
};

const choices: MappedTable = {
  disposition: "mapped",
  source: "quizzes_choice",
  target: "quizzes.choices",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    question_id: reference("question_id", "quizzes_question"),
    text: copy("text", "text"),
    is_correct: copy("is_correct", "boolean"),
  },
};

const attempts: MappedTable = {
  disposition: "mapped",
  source: "quizzes_attempt",
  target: "quizzes.attempts",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    user_id: reference("user_id", "auth_user"),
    quiz_id: reference("quiz_id", "quizzes_quiz"),
    started_at: copy("started_at", "timestamptz"),
    finished_at: copy("finished_at", "timestamptz"),
    score: copy("score", "numeric"),
  },
  repairs: [clearUnreadableInstant("finished_at", "finished_at"), clearNotANumber("score")],
  rejects: [unreadableInstant("started_at")],
};

const responses: MappedTable = {
  disposition: "mapped",
  source: "quizzes_response",
  target: "quizzes.responses",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    attempt_id: reference("attempt_id", "quizzes_attempt"),
    question_id: reference("question_id", "quizzes_question"),
    choice_id: reference("choice_id", "quizzes_choice"),
    essay: copy("essay", "text"),
    awarded: copy("awarded", "numeric"),
  },
  repairs: [clearNotANumber("awarded")],
};

/** Quizzes, their questions of three kinds, and what people answered. */
export const quizzes: readonly PlanTable[] = [
  quizTable,
  questions,
  multipleChoice,
  essay,
  choices,
  attempts,
  responses,
];
