import type { Generated } from "kysely";

/*
 * The directory's tables as queries see them; see database/tables.ts. What may be empty in them is what the legacy
 * directory left out.
 */

interface Contacts {
  id: Generated<number>;
  source_system: string | null;
  owner_id: number | null;
  name: string;
  phone: string | null;
  email: string | null;
  address: string | null;
  category: string | null;
  notes: string | null;
  tags: string[];
  status: "pending" | "approved" | "rejected";
  created_at: Date | null;
  updated_at: Date | null;
}

interface ContactImages {
  id: Generated<number>;
  contact_id: number;
  path: string | null;
  caption: string | null;
  size: number | null;
  is_approved: boolean;
}

interface Searches {
  id: Generated<number>;
  user_id: number | null;
  query: string | null;
  results: number | null;
  at: Date | null;
}

interface Families {
  id: Generated<number>;
  name: string;
  created_by: number | null;
  created_at: Date | null;
}

interface FamilyMembers {
  id: Generated<number>;
  family_id: number;
  contact_id: number | null;
  role: string | null;
}

interface FamilyRelationships {
  id: Generated<number>;
  from_member_id: number;
  to_member_id: number;
  kind: string;
}

export interface DirectoryTables {
  "directory.contacts": Contacts;
  "directory.contact_images": ContactImages;
  "directory.searches": Searches;
  "directory.families": Families;
  "directory.family_members": FamilyMembers;
  "directory.family_relationships": FamilyRelationships;
}
