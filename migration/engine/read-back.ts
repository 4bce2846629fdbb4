import { findUser } from "@landfall/app/accounts/users";
import { conversationsOf } from "@landfall/app/assistant/conversations";
import { openDatabase, openPool, type Database } from "@landfall/app/database/database";
import { contactsOf } from "@landfall/app/directory/contacts";
import { newestDocuments } from "@landfall/app/intelligence/documents";
import { enrolledCourses } from "@landfall/app/learning/courses";
import { listsOf } from "@landfall/app/lists/lists";
import type pg from "pg";
import type { Plan } from "../plans/plan.ts";
import { result, type Result } from "./rules.ts";

/** How many users of a system are read back. */
const sampleSize = 20;

/** What a user owns of one kind: as the database counts it, and as the service reads it. */
interface Possession {
  readonly subject: string;
  readonly count: string;
  readonly read: (database: Database, userId: number) => Promise<number>;
}

const possessions: readonly Possession[] = [
  {
    subject: "learning.enrollments",
    count: "SELECT count(*) AS number FROM learning.enrollments WHERE user_id = $1",
    read: async (database, userId) => (await enrolledCourses(database, userId)).length,
  },
  {
    subject: "directory.contacts",
    count: "SELECT count(*) AS number FROM directory.contacts WHERE owner_id = $1",
    read: async (database, ownerId) => (await contactsOf(database, { ownerId, text: "", page: 1 })).total,
  },
  {
    subject: "lists.files",
    count: "SELECT count(*) AS number FROM lists.files WHERE user_id = $1 AND deleted_at IS NULL",
    read: async (database, userId) => (await listsOf(database, userId, 1)).total,
  },
  {
    subject: "assistant.conversations",
    count: "SELECT count(*) AS number FROM assistant.conversations WHERE user_id = $1",
    read: async (database, userId) => (await conversationsOf(database, userId, 1)).total,
  },
];

/**
 * Reads a sample of what landed as the service itself will: users spread evenly over the system's, each with what they
 * own, and the newest documents. What the service cannot read, or reads otherwise than it stands there, fails.
 */
export async function readBack(plan: Plan, control: pg.Client, target: pg.ClientConfig): Promise<Result[]> {
  const { host, port, database, user, password, ssl } = target;
  const service = openDatabase(
    openPool(
      {
        host: host ?? "localhost",
        port: port ?? 5432,
        database: database ?? "",
        user: user ?? "",
        password: typeof password === "string" ? password : "",
        poolSize: 1,
        ...(typeof ssl === "object" ? { tls: ssl } : {}),
      },
      () => undefined,
    ),
  );
  try {
    const users = await sample(control, plan.system);
    const documents = plan.tables.some(
      (table) => table.disposition === "mapped" && table.target === "intelligence.documents",
    );
    const results = [await readUsers(service, users)];
    for (const possession of possessions) results.push(await readPossession(service, control, { possession, users }));
    if (documents) results.push(await readDocuments(service, control, plan.system));
    return results;
  } finally {
    await service.destroy();
  }
}

interface SampledUser {
  readonly id: number;
  readonly username: string;
  readonly email: string;
  readonly isActive: boolean;
  readonly isSuperuser: boolean;
}

async function sample(control: pg.Client, system: string): Promise<SampledUser[]> {
  const chosen = await control.query<Omit<SampledUser, "id"> & { id: string }>(
    `SELECT id, username, email, is_active AS "isActive", is_superuser AS "isSuperuser"
     FROM (SELECT u.*, ntile($2) OVER (ORDER BY id) AS tile, row_number() OVER (ORDER BY id) AS place FROM accounts.users u
           WHERE source_system = $1) u
     WHERE place IN (SELECT max(place) FROM (SELECT ntile($2) OVER (ORDER BY id) AS tile, row_number() OVER (ORDER BY id) AS place
                       FROM accounts.users WHERE source_system = $1) t GROUP BY tile)
     ORDER BY id`,
    [system, sampleSize],
  );
  return chosen.rows.map(({ id, ...rest }) => ({ ...rest, id: Number(id) }));
}

async function readUsers(service: Database, users: readonly SampledUser[]): Promise<Result> {
  const unlike: number[] = [];
  for (const { id, username, email, isActive, isSuperuser } of users) {
    const found = (await findUser(service, id))?.user;
    const same =
      found?.username === username &&
      found.email === email &&
      found.isActive === isActive &&
      found.isSuperuser === isSuperuser;
    if (!same) unlike.push(id);
  }
  return result("read-back", "accounts.users", {
    expected: `${users.length.toString()} users`,
    found: `${(users.length - unlike.length).toString()} users`,
    ...(unlike.length === 0 ? {} : { detail: { unlike } }),
  });
}

async function readPossession(
  service: Database,
  control: pg.Client,
  of: { possession: Possession; users: readonly SampledUser[] },
): Promise<Result> {
  const { subject, count, read } = of.possession;
  let [expected, found] = [0, 0];
  for (const { id } of of.users) {
    const counted = await control.query<{ number: string }>(count, [id]);
    expected += Number(counted.rows[0]?.number ?? 0);
    found += await read(service, id);
  }
  return result("read-back", subject, { expected: `${expected.toString()} rows`, found: `${found.toString()} rows` });
}

async function readDocuments(service: Database, control: pg.Client, system: string): Promise<Result> {
  const newest = await newestDocuments(service, { system, sourceId: undefined, language: undefined, page: 1 });
  const counted = await control.query<{ number: string }>(
    "SELECT least(count(*), $2) AS number FROM (SELECT FROM intelligence.documents WHERE source_system = $1 LIMIT $2) d",
    [system, newest.rows.length],
  );
  return result("read-back", "intelligence.documents", {
    expected: `${counted.rows[0]?.number ?? "0"} documents`,
    found: `${newest.rows.length.toString()} documents`,
  });
}
