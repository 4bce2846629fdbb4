import { djangoAccounts, djangoAdminLog, djangoContentTypes, djangoHousekeeping, djangoRights } from "../django.ts";
import { passwordSchemes } from "../passwords.ts";
import type { Plan } from "../plan.ts";
import { lists, views } from "./lists.ts";
import { shape } from "./shape.ts";

/** The content types whose rows came over under the same number; an uploaded file's key is a UUID. */
const numbered = [
  ["admin", "logentry"],
  ["auth", "group"],
  ["auth", "permission"],
  ["auth", "user"],
  ["lists", "cutjob"],
  ["lists", "savedfilter"],
] as const;

/** List Cutter: Django on PostgreSQL. */
export const listcutter: Plan = {
  system: "listcutter",
  window: 5,
  engine: "postgresql",
  shape,
  views,
  tables: [
    ...djangoAccounts,
    ...lists,
    djangoAdminLog({ numbered }),
    djangoContentTypes(["auth_permission.content_type_id", "django_admin_log.content_type_id"]),
    ...djangoHousekeeping,
  ],
  rights: djangoRights,
  tallies: [passwordSchemes("auth_user", "password")],
};
