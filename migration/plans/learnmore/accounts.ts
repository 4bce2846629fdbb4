import { djangoAccounts } from "../django.ts";
import { copy, id, reference, type MappedTable, type PlanTable } from "../plan.ts";
import { clearUnreadableInstant } from "../rules.ts";

const profiles: MappedTable = {
  disposition: "mapped",
  source: "accounts_profile",
  target: "accounts.profiles",
  key: "id",
  // The profile's own id lives on as legacy_id; here the user is its key.
  range: { column: "user_id", target: "user_id", kind: "integer" },
  columns: {
    user_id: reference("user_id", "auth_user"),
    bio: copy("bio", "text"),
    timezone: copy("timezone", "text"),
    avatar: copy("avatar", "text"),
    birth_date: copy("birth_date", "date"),
    preferences: copy("preferences", "jsonb"),
  },
  repairs: [clearUnreadableInstant("birth_date", "birth_date")],
  unique: [["user_id"]],
  back: { id: "legacy_id::bigint" },
};

const socialIdentities: MappedTable = {
  disposition: "mapped",
  source: "socialaccount_socialaccount",
  target: "accounts.social_identities",
  key: "id",
  range: { column: "id", target: "id", kind: "integer" },
  columns: {
    id: id("id"),
    user_id: reference("user_id", "auth_user"),
    provider: copy("provider", "text"),
    uid: copy("uid", "text"),
    extra: copy("extra_data", "jsonb"),
  },
};

/** People, their rights, and their identities elsewhere. */
export const accounts: readonly PlanTable[] = [...djangoAccounts, profiles, socialIdentities];
