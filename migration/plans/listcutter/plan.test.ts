import { expect, test } from "vitest";
import { checkPlan } from "../check.ts";
import { renderDocument } from "../document.ts";
import { listcutter } from "./plan.ts";

test("the plan accounts for every table and column, and every way back", () => {
  expect(checkPlan(listcutter)).toEqual([]);
});

test("a column that only the view of stored files takes is missed when the view does not", () => {
  const views = (listcutter.views ?? []).map((view) => ({ ...view, sql: view.sql.replace("f.sha256", "''") }));
  expect(checkPlan({ ...listcutter, views })).toEqual([
    "lists_uploadedfile: column sha256 is neither mapped nor kept as extra nor dropped",
  ]);
});

test("the document says where lists, their bytes and Django's own tables go", () => {
  const document = renderDocument(listcutter);
  expect(document).toContain("## lists_uploadedfile → lists.files");
  expect(document).toContain("## stored_file → media.files");
  expect(document).toContain("| sha256 | `(SELECT m.digest FROM media.files m WHERE m.id = files.file_id)` |");
  expect(document).toContain("## django_session stays behind");
});
