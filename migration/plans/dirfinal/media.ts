import { computed, copy, id, reference, windowSize, type MappedTable, type PlanTable, type View } from "../plan.ts";

// The upper half of the window: every other number for images, the rest for photos.
const half = (windowSize / 2).toString();
const quarter = (windowSize / 4).toString();

const unlisted = (path: string): string =>
  `${path} <> '' AND NOT EXISTS (SELECT FROM {media_file} m WHERE m.path = ${path})`;

/** Files that a contact's image or a profile names, and that `media_file` does not list. */
export const mediaViews: readonly View[] = [
  {
    name: "unlisted_file",
    sql: `SELECT 'image:' || i.id AS name, ${half} + 2 * i.id AS number, i.path, i.bytes AS size, e.owner_id
      FROM {entry_image} i LEFT JOIN {phonebook_entry} e ON e.id = i.entry_id
      WHERE i.id >= 0 AND i.id < ${quarter} AND ${unlisted("i.path")}
      UNION ALL
      SELECT 'profile:' || p.user_id, ${half} + 2 * p.user_id + 1, p.photo, NULL, p.user_id FROM {profile} p
      WHERE p.user_id >= 0 AND p.user_id < ${quarter} AND ${unlisted("p.photo")}`,
    columns: { name: "text", number: "bigint", path: "text", size: "bigint", owner_id: "bigint" },
    reason: "an image or a photo has bytes whether or not the list of files knows of them",
  },
];

const files: MappedTable = {
  disposition: "mapped",
  source: "media_file",
  target: "media.files",
  among: "legacy_id NOT LIKE '%:%'",
  key: "id",
  range: { column: "id", target: "id", kind: "integer" },
  columns: {
    id: id("id"),
    owner_id: reference("owner_id", "user", "clear"),
    legacy_path: copy("path", "text"),
    content_type: copy("mime", "text"),
    size: copy("size", "bigint"),
    digest: copy("sha256", "text"),
    digest_algorithm: computed({ from: [], sql: "'sha256'", type: "text" }),
    uploaded_at: copy("at", "timestamptz"),
  },
  rejects: [
    {
      name: "id-in-the-upper-half",
      when: `t.id >= ${half}`,
      reason: "the upper half of the window is for files that have no number of their own",
    },
  ],
};

const unlistedFiles: MappedTable = {
  disposition: "mapped",
  source: "unlisted_file",
  target: "media.files",
  among: "legacy_id LIKE '%:%'",
  key: "name",
  range: { column: "number", target: "id", kind: "integer" },
  columns: {
    id: id("number"),
    owner_id: reference("owner_id", "user", "clear"),
    legacy_path: copy("path", "text"),
    size: copy("size", "bigint"),
  },
  unique: [["id"]],
};

/** What is known of files; their bytes travel by themselves. */
export const media: readonly PlanTable[] = [files, unlistedFiles];
