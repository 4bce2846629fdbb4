import { djangoShape } from "../django-shape.ts";
import type { Shape } from "../plan.ts";

/** List Cutter's tables as Django made them. */
export const shape: Shape = {
  ...djangoShape,
  lists_cutjob: {
    id: "bigint",
    source_id: "uuid",
    result_id: "uuid",
    saved_filter_id: "bigint",
    state: "character varying",
    rows_in: "integer",
    rows_out: "integer",
    started_at: "timestamp with time zone",
    took: "interval",
    error: "text",
  },
  lists_savedfilter: {
    id: "bigint",
    user_id: "integer",
    name: "character varying",
    criteria: "jsonb",
    is_shared: "boolean",
    created_at: "timestamp with time zone",
    updated_at: "timestamp with time zone",
  },
  lists_uploadedfile: {
    id: "uuid",
    user_id: "integer",
    name: "character varying",
    path: "character varying",
    size: "bigint",
    sha256: "character varying",
    content_type: "character varying",
    columns: "jsonb",
    row_count: "integer",
    status: "character varying",
    uploaded_at: "timestamp with time zone",
    deleted_at: "timestamp with time zone",
  },
};
