import { sql } from "kysely";
import type { Database } from "../database/database.ts";

export interface Relationship {
  readonly kind: string;
  /** Name of the member to whom it is; undefined where the contact is gone. */
  readonly to: string | undefined;
}

export interface FamilyMember {
  readonly id: number;
  /** Undefined where the contact is gone. */
  readonly name: string | undefined;
  readonly role: string | undefined;
  /** A day, YYYY-MM-DD. */
  readonly born: string | undefined;
  readonly relationships: readonly Relationship[];
}

export interface Family {
  readonly id: number;
  readonly name: string;
  readonly members: readonly FamilyMember[];
}

const mostFamilies = 100;

/**
 * The families that a user has made or one of the user's contacts belongs to, by name, 100 at most, with all members
 * and how they are related. Three queries.
 */
export async function familiesOf(database: Database, userId: number): Promise<Family[]> {
  const families = await database
    .selectFrom("directory.families as f")
    .select(["f.id", "f.name"])
    .where((where) =>
      where.or([
        where("f.created_by", "=", userId),
        where(
          "f.id",
          "in",
          where
            .selectFrom("directory.family_members as m")
            .innerJoin("directory.contacts as c", "c.id", "m.contact_id")
            .where("c.owner_id", "=", userId)
            .select("m.family_id"),
        ),
      ]),
    )
    .orderBy("f.name")
    .orderBy("f.id")
    .limit(mostFamilies)
    .execute();
  if (families.length === 0) return [];
  const ids = families.map(({ id }) => id);
  const [members, relationships] = await Promise.all([membersOf(database, ids), relationshipsOf(database, ids)]);
  return families.map(({ id, name }) => ({
    id,
    name,
    members: (members.get(id) ?? []).map((member) => ({
      ...member,
      relationships: relationships.get(member.id) ?? [],
    })),
  }));
}

/** Members by their family. */
async function membersOf(
  database: Database,
  familyIds: readonly number[],
): Promise<Map<number, Omit<FamilyMember, "relationships">[]>> {
  const rows = await database
    .selectFrom("directory.family_members as m")
    .leftJoin("directory.contacts as c", "c.id", "m.contact_id")
    .select(["m.id", "m.family_id", "m.role", "c.name"])
    .select(sql<string | null>`m.born::text`.as("born"))
    .where("m.family_id", "in", familyIds)
    .orderBy("m.id")
    .execute();
  return grouped(
    rows.map((row) => ({
      key: row.family_id,
      value: {
        id: row.id,
        name: row.name ?? undefined,
        role: row.role ?? undefined,
        born: row.born ?? undefined,
      },
    })),
  );
}

/** Relationships by the member whose they are. */
async function relationshipsOf(database: Database, familyIds: readonly number[]): Promise<Map<number, Relationship[]>> {
  const rows = await database
    .selectFrom("directory.family_relationships as r")
    .innerJoin("directory.family_members as m", "m.id", "r.from_member_id")
    .innerJoin("directory.family_members as o", "o.id", "r.to_member_id")
    .leftJoin("directory.contacts as c", "c.id", "o.contact_id")
    .select(["r.from_member_id", "r.kind", "c.name"])
    .where("m.family_id", "in", familyIds)
    .orderBy("r.id")
    .execute();
  return grouped(
    rows.map((row) => ({ key: row.from_member_id, value: { kind: row.kind, to: row.name ?? undefined } })),
  );
}

function grouped<Value>(entries: readonly { readonly key: number; readonly value: Value }[]): Map<number, Value[]> {
  const groups = new Map<number, Value[]>();
  for (const { key, value } of entries) {
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}
