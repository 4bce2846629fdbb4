import type { ColumnType } from "kysely";

type ReadOnly<Value> = ColumnType<Value, never, never>;

interface ListFiles {
  id: ReadOnly<string>;
  user_id: ReadOnly<number>;
  file_id: ReadOnly<number>;
  name: ReadOnly<string>;
  row_count: ReadOnly<number | null>;
  status: ReadOnly<string>;
  uploaded_at: ReadOnly<Date>;
  deleted_at: ReadOnly<Date | null>;
}

interface SavedFilters {
  id: ReadOnly<number>;
  user_id: ReadOnly<number>;
  name: ReadOnly<string>;
  criteria: ReadOnly<unknown>;
  is_shared: ReadOnly<boolean>;
  updated_at: ReadOnly<Date>;
}

interface CutJobs {
  id: ReadOnly<number>;
  source_file_id: ReadOnly<string>;
}

interface MediaFiles {
  id: ReadOnly<number>;
  size: ReadOnly<number | null>;
}

interface Transfers {
  file_id: ReadOnly<number>;
  state: ReadOnly<"landed" | "missing" | "damaged">;
}

/** Uploaded lists with their filters and bytes, as the service reads them. */
export interface ListTables {
  "lists.files": ListFiles;
  "lists.saved_filters": SavedFilters;
  "lists.cut_jobs": CutJobs;
  "media.files": MediaFiles;
  "media.transfers": Transfers;
}
