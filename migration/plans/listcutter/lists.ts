import { computed, copy, id, named, reference, type MappedTable, type PlanTable, type View } from "../plan.ts";
import { clearNegative, clearUnreadableInstant, negative, unreadableInstant } from "../rules.ts";

const byId = { column: "id", target: "id", kind: "integer" } as const;

/** The uploads as files, beside the lists that they hold. */
export const views: readonly View[] = [
  {
    name: "stored_file",
    sql: `SELECT f.id, f.user_id, f.path, f.size, f.sha256, f.content_type, f.status, f.uploaded_at, f.deleted_at
          FROM {lists_uploadedfile} f`,
    columns: {
      id: "uuid",
      user_id: "integer",
      path: "character varying",
      size: "bigint",
      sha256: "character varying",
      content_type: "character varying",
      status: "character varying",
      uploaded_at: "timestamp with time zone",
      deleted_at: "timestamp with time zone",
    },
    reason: "a list is a row of lists.files, and the bytes that it was uploaded as are one of media.files",
  },
];

const storedFiles: MappedTable = {
  disposition: "mapped",
  source: "stored_file",
  target: "media.files",
  key: "id",
  range: { column: "path", target: "legacy_path", kind: "text" },
  columns: {
    id: named("id"),
    owner_id: reference("user_id", "auth_user", "clear"),
    legacy_path: copy("path", "text"),
    size: copy("size", "bigint"),
    digest: copy("sha256", "text"),
    digest_algorithm: computed({ from: [], sql: "'sha256'", type: "text" }),
    content_type: copy("content_type", "text"),
    status: copy("status", "text"),
    uploaded_at: copy("uploaded_at", "timestamptz"),
    deleted_at: copy("deleted_at", "timestamptz"),
  },
  repairs: [clearUnreadableInstant("uploaded_at", "uploaded_at"), clearUnreadableInstant("deleted_at", "deleted_at")],
  // Among some hundred thousand names two can come to one identifier.
  unique: [["id"]],
};

const media = (column: string): string => `(SELECT m.${column} FROM media.files m WHERE m.id = files.file_id)`;

const files: MappedTable = {
  disposition: "mapped",
  source: "lists_uploadedfile",
  target: "lists.files",
  key: "id",
  range: { column: "id", target: "id", kind: "uuid" },
  columns: {
    id: copy("id", "uuid"),
    user_id: reference("user_id", "auth_user"),
    file_id: reference("id", "stored_file"),
    name: copy("name", "text"),
    columns: copy("columns", "jsonb"),
    row_count: copy("row_count", "integer"),
    status: copy("status", "text"),
    uploaded_at: copy("uploaded_at", "timestamptz"),
    deleted_at: copy("deleted_at", "timestamptz"),
  },
  repairs: [clearNegative("row_count"), clearUnreadableInstant("deleted_at", "deleted_at")],
  rejects: [unreadableInstant("uploaded_at")],
  back: {
    path: media("legacy_path"),
    size: media("size"),
    sha256: media("digest"),
    content_type: media("content_type"),
  },
};

const savedFilters: MappedTable = {
  disposition: "mapped",
  source: "lists_savedfilter",
  target: "lists.saved_filters",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    user_id: reference("user_id", "auth_user"),
    name: copy("name", "text"),
    criteria: copy("criteria", "jsonb"),
    is_shared: copy("is_shared", "boolean"),
    created_at: copy("created_at", "timestamptz"),
    updated_at: copy("updated_at", "timestamptz"),
  },
  rejects: [unreadableInstant("created_at"), { ...unreadableInstant("updated_at"), name: "updated-at-unreadable" }],
};

const cutJobs: MappedTable = {
  disposition: "mapped",
  source: "lists_cutjob",
  target: "lists.cut_jobs",
  key: "id",
  range: byId,
  columns: {
    id: id("id"),
    source_file_id: reference("source_id", "lists_uploadedfile"),
    result_file_id: reference("result_id", "lists_uploadedfile", "clear"),
    saved_filter_id: reference("saved_filter_id", "lists_savedfilter", "clear"),
    state: copy("state", "text"),
    rows_in: copy("rows_in", "integer"),
    rows_out: copy("rows_out", "integer"),
    started_at: copy("started_at", "timestamptz"),
    took: copy("took", "interval"),
    error: copy("error", "text"),
  },
  repairs: [
    clearNegative("rows_out"),
    {
      name: "took-infinite",
      column: "took",
      when: "NOT isfinite(t.took)",
      then: "NULL",
      reason: "took is infinite, and is left empty",
    },
  ],
  rejects: [unreadableInstant("started_at"), negative("rows_in")],
};

/** Uploaded lists, the filters that people keep, and the cuts that they made. */
export const lists: readonly PlanTable[] = [storedFiles, files, savedFilters, cutJobs];
