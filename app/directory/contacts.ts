import { sql } from "kysely";
import { pageSize, type Paged } from "../console/paging.ts";
import type { Database } from "../database/database.ts";

/** An entry of the phone book, as its owner sees it. */
export interface Contact {
  readonly id: number;
  readonly name: string;
  readonly phone: string | undefined;
  readonly email: string | undefined;
  readonly address: string | undefined;
  readonly category: string | undefined;
  readonly tags: readonly string[];
  readonly status: "pending" | "approved" | "rejected";
  readonly images: number;
}

export interface ContactFilter {
  readonly ownerId: number;
  /** Part of a name, phone number or e-mail, in any case; empty for all. */
  readonly text: string;
  readonly page: number;
}

/** A page of the contacts that a user owns, by name. Two queries. */
export async function contactsOf(database: Database, { ownerId, text, page }: ContactFilter): Promise<Paged<Contact>> {
  const pattern = `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  let own = database.selectFrom("directory.contacts as c").where("c.owner_id", "=", ownerId);
  if (text !== "") {
    own = own.where((where) =>
      where.or([
        where("c.name", "ilike", pattern),
        where("c.phone", "ilike", pattern),
        where("c.email", "ilike", pattern),
      ]),
    );
  }
  const [{ total }, rows] = await Promise.all([
    own.select(({ fn }) => fn.countAll<number>().as("total")).executeTakeFirstOrThrow(),
    own
      .select(["c.id", "c.name", "c.phone", "c.email", "c.address", "c.category", "c.tags", "c.status"])
      .select((select) =>
        select
          .selectFrom("directory.contact_images as i")
          .whereRef("i.contact_id", "=", "c.id")
          .select(({ fn }) => fn.countAll<number>().as("images"))
          .as("images"),
      )
      .orderBy(sql`left(c.name, 100)`)
      .orderBy("c.id")
      .limit(pageSize)
      .offset((page - 1) * pageSize)
      .execute(),
  ]);
  return {
    page,
    total,
    rows: rows.map((row) => ({
      ...row,
      phone: said(row.phone),
      email: said(row.email),
      address: said(row.address),
      category: said(row.category),
      images: row.images ?? 0,
    })),
  };
}

/** A text that says something. */
const said = (text: string | null): string | undefined => (text === null || text.trim() === "" ? undefined : text);
