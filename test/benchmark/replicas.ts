/**
 * How a sample becomes large: its busy tables are written again and again, each time for other people. So the large
 * database has the sample's own texts, shares and faults, and the same number of rows always gives the same database.
 */
export interface Replicated {
  readonly table: string;
  /** Columns that hold identifiers of replicated tables; each replica has its own. */
  readonly ids: Readonly<Record<string, string>>;
  /** Columns of which every row needs another value, as an expression over the row `t` and the replica's number `s.n`. */
  readonly others?: Readonly<Record<string, string>>;
}

export interface Growth {
  readonly tables: readonly Replicated[];
  /** Tables whose rows are streamed by the runs that only extract. */
  readonly extracted: readonly string[];
}

const withNumber = (column: string): string => `t.${column} || '-' || s.n`;

/** LearnMore: learners and all that they do; courses and quizzes stay as they are. */
export const learnmore: Growth = {
  tables: [
    { table: "auth_user", ids: { id: "auth_user" }, others: { username: withNumber("username") } },
    { table: "accounts_profile", ids: { id: "accounts_profile", user_id: "auth_user" } },
    { table: "auth_user_groups", ids: { id: "auth_user_groups", user_id: "auth_user" } },
    {
      table: "socialaccount_socialaccount",
      ids: { id: "socialaccount_socialaccount", user_id: "auth_user" },
      others: { uid: withNumber("uid") },
    },
    { table: "courses_enrollment", ids: { id: "courses_enrollment", user_id: "auth_user" } },
    { table: "courses_progress", ids: { id: "courses_progress", enrollment_id: "courses_enrollment" } },
    { table: "quizzes_attempt", ids: { id: "quizzes_attempt", user_id: "auth_user" } },
    { table: "quizzes_response", ids: { id: "quizzes_response", attempt_id: "quizzes_attempt" } },
    {
      table: "analytics_event",
      ids: { user_id: "auth_user" },
      others: { id: "md5(t.id::text || '-' || s.n)::uuid" },
    },
  ],
  extracted: ["analytics_event", "courses_progress"],
};

const joined = (column: string): string => `concat(t.${column}, '-', s.n)`;

/** Unpuzzle: learners and all that they do, earn and are told. */
export const unpuzzle: Growth = {
  tables: [
    {
      table: "users",
      ids: { id: "users" },
      others: {
        email: joined("email"),
        uuid: "insert(insert(insert(insert(md5(concat(t.uuid, s.n)), 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-')",
      },
    },
    { table: "user_roles", ids: { user_id: "users" } },
    { table: "enrollments", ids: { id: "enrollments", user_id: "users" } },
    { table: "revenue", ids: { id: "revenue", enrollment_id: "enrollments" } },
    {
      table: "certificates",
      ids: { id: "certificates", enrollment_id: "enrollments" },
      others: { serial: joined("serial") },
    },
    { table: "video_progress", ids: { user_id: "users" } },
    { table: "reviews", ids: { id: "reviews", user_id: "users" } },
    { table: "notifications", ids: { id: "notifications", user_id: "users" } },
    { table: "ai_chat_sessions", ids: { id: "ai_chat_sessions", user_id: "users" } },
    { table: "ai_chat_messages", ids: { id: "ai_chat_messages", session_id: "ai_chat_sessions" } },
    { table: "ai_token_usage", ids: { id: "ai_token_usage", user_id: "users" } },
    { table: "activity_log", ids: { id: "activity_log", user_id: "users" } },
  ],
  extracted: ["activity_log", "ai_chat_messages", "notifications"],
};

/** dirfinal: people, their phone book, and what was recorded. */
export const dirfinal: Growth = {
  tables: [
    {
      table: "user",
      ids: { id: "user" },
      others: { username: withNumber("username"), email: withNumber("email") },
    },
    { table: "profile", ids: { user_id: "user" } },
    { table: "user_permission", ids: { user_id: "user" } },
    { table: "phonebook_entry", ids: { id: "phonebook_entry", owner_id: "user" } },
    { table: "search_history", ids: { id: "search_history", user_id: "user" } },
    { table: "family_group", ids: { id: "family_group", created_by: "user" } },
    { table: "family_member", ids: { id: "family_member", group_id: "family_group", entry_id: "phonebook_entry" } },
    {
      table: "family_relationship",
      ids: { id: "family_relationship", from_member: "family_member", to_member: "family_member" },
    },
    { table: "score_event", ids: { id: "score_event", user_id: "user" } },
    { table: "audit_log", ids: { id: "audit_log", user_id: "user" } },
    { table: "moderation_item", ids: { id: "moderation_item" } },
  ],
  extracted: ["phonebook_entry", "search_history", "audit_log"],
};

/** What a dialect says differently. */
export interface Dialect {
  readonly quote: (name: string) => string;
  /** A relation `s` with a column `n` that counts from 1. */
  readonly series: (end: number) => string;
  /** The columns of a table. */
  readonly columns: (table: string) => Promise<readonly string[]>;
  /** One row of one query, by column. */
  readonly row: (query: string) => Promise<Readonly<Record<string, unknown>>>;
  readonly run: (statement: string) => Promise<void>;
}

/** Writes replicas until there are about `rows` rows in all; gives how many replicas that took. */
export async function grow({ tables }: Growth, rows: number, dialect: Dialect): Promise<number> {
  const { quote } = dialect;
  const strides = new Map<string, bigint>();
  let each = 0;
  for (const { table, ids } of tables) {
    each += Number((await dialect.row(`SELECT count(*) AS n FROM ${quote(table)}`))["n"]);
    const key = Object.entries(ids).find(([, of]) => of === table)?.[0];
    if (key === undefined) continue;
    const ends = await dialect.row(`SELECT min(${quote(key)}) AS low, max(${quote(key)}) AS high FROM ${quote(table)}`);
    strides.set(table, BigInt(String(ends["high"])) - BigInt(String(ends["low"])) + 1n);
  }
  const replicas = Math.max(0, Math.round(rows / each) - 1);
  if (replicas === 0) return 0;
  for (const { table, ids, others = {} } of tables) {
    const columns = await dialect.columns(table);
    const values = columns.map((column) => {
      const own = `t.${quote(column)}`;
      const of = ids[column];
      return of === undefined ? (others[column] ?? own) : `${own} + s.n * ${String(strides.get(of))}`;
    });
    await dialect.run(
      `INSERT INTO ${quote(table)} (${columns.map(quote).join(", ")})
       SELECT ${values.join(", ")} FROM ${dialect.series(replicas)} CROSS JOIN ${quote(table)} t`,
    );
  }
  return replicas;
}
