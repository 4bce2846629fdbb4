import { filled } from "../filled.ts";
import { computed, copy, id, reference, type MappedTable, type PlanTable } from "../plan.ts";
import { asJson, back, longestName, missing, notJson, oneOf } from "./rules.ts";

const byId = { column: "id", target: "id", kind: "integer" } as const;

/** The tags without the spaces around them, and without empty ones, in their order. */
const tags = `ARRAY(SELECT btrim(tag) FROM unnest(string_to_array(t.tags, ',')) WITH ORDINALITY AS tags (tag, place)
  WHERE btrim(tag) <> '' ORDER BY place)`;

const contacts: MappedTable = {
  disposition: "mapped",
  source: "phonebook_entry",
  target: "directory.contacts",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    owner_id: reference("owner_id", "user", "clear"),
    name: copy("name", "text"),
    phone: copy("phone", "text"),
    email: copy("email", "text"),
    address: copy("address", "text"),
    category: copy("category", "text"),
    notes: copy("notes", "text"),
    tags: computed({ from: ["tags"], sql: tags, type: "text[]", once: true }),
    status: copy("status", "text"),
    created_at: copy("created_at", "timestamptz"),
    updated_at: copy("updated_at", "timestamptz"),
  },
  repairs: [
    filled("name", { target: "name", then: "''", reason: "a contact without a name has an empty one" }),
    {
      name: "tags-tidied",
      column: "tags",
      when: `t.tags IS DISTINCT FROM array_to_string(${tags}, ',')`,
      reason: "no tags are an empty list; spaces around tags, and tags of nothing else, are left out",
    },
    oneOf("status", {
      words: ["pending", "approved", "rejected"],
      otherwise: "pending",
      reason: "the entry was neither approved nor rejected in so many words, and waits for somebody to look",
    }),
  ],
  back: { tags: back("tags", "array_to_string(tags, ',')") },
};

const images: MappedTable = {
  disposition: "mapped",
  source: "entry_image",
  target: "directory.contact_images",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    contact_id: reference("entry_id", "phonebook_entry"),
    path: copy("path", "text"),
    caption: copy("caption", "text"),
    size: copy("bytes", "bigint"),
    is_approved: copy("approved", "boolean"),
  },
  repairs: [
    filled("approved", { target: "is_approved", then: "false", reason: "what nobody has approved is not shown" }),
  ],
  unreadable: { approved: { then: "false", reason: "approved is neither yes nor no; the image is not shown" } },
  rejects: [missing("entry_id")],
};

const searches: MappedTable = {
  disposition: "mapped",
  source: "search_history",
  target: "directory.searches",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    user_id: reference("user_id", "user", "clear"),
    query: copy("query", "text"),
    filters: computed({ from: ["filters"], sql: asJson("filters"), type: "jsonb", once: true }),
    results: copy("results", "bigint"),
    at: copy("at", "timestamptz"),
  },
  repairs: [notJson("filters")],
  back: { filters: back("filters", "filters::text") },
};

const families: MappedTable = {
  disposition: "mapped",
  source: "family_group",
  target: "directory.families",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    name: copy("name", "text"),
    created_by: reference("created_by", "user", "clear"),
    created_at: copy("created_at", "timestamptz"),
  },
  repairs: [filled("name", { target: "name", then: "''", reason: "a family without a name has an empty one" })],
};

// A contact that is twice in a family lands twice: relationships hang on each of the two.
const members: MappedTable = {
  disposition: "mapped",
  source: "family_member",
  target: "directory.family_members",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    family_id: reference("group_id", "family_group"),
    contact_id: reference("entry_id", "phonebook_entry", "clear"),
    role: copy("role", "text"),
    born: copy("born", "date"),
  },
  rejects: [missing("group_id")],
};

// Parents of one another, in however long a circle, land as they are: each link may be the true one.
const relationships: MappedTable = {
  disposition: "mapped",
  source: "family_relationship",
  target: "directory.family_relationships",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    from_member_id: reference("from_member", "family_member"),
    to_member_id: reference("to_member", "family_member"),
    kind: copy("kind", "text"),
  },
  repairs: [
    {
      name: "kind-missing",
      column: "kind",
      when: "coalesce(t.kind, '') = ''",
      then: "'unknown'",
      reason: "that two people are related is worth knowing without the how",
    },
  ],
  rejects: [
    missing("from_member"),
    missing("to_member"),
    {
      name: "kind-too-long",
      when: `octet_length(t.kind) > ${longestName.toString()}`,
      reason: "no index holds such a kind of relationship",
    },
    {
      name: "related-to-oneself",
      when: "t.from_member = t.to_member",
      reason: "nobody is a relative of oneself",
    },
  ],
  unique: [["from_member_id", "to_member_id", "kind"]],
};

/** The phone book, what was looked for in it, and families. */
export const directory: readonly PlanTable[] = [contacts, images, searches, families, members, relationships];
