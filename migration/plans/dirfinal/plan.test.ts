import { expect, test } from "vitest";
import { checkPlan } from "../check.ts";
import { renderDocument } from "../document.ts";
import { dirfinal } from "./plan.ts";

test("the plan of dirfinal is sound", () => {
  expect(checkPlan(dirfinal)).toEqual([]);
});

test("every table of dirfinal lands, and none is folded away or left behind", () => {
  const views = (dirfinal.views ?? []).map(({ name }) => name);
  const tables = dirfinal.tables.filter(({ source }) => !views.includes(source));
  expect(tables.map(({ source }) => source).sort()).toEqual(Object.keys(dirfinal.shape).sort());
  expect(dirfinal.tables.filter(({ disposition }) => disposition !== "mapped")).toEqual([]);
});

test("the document says what becomes of a relationship to oneself, to nobody, and of one that is there twice", () => {
  const document = renderDocument(dirfinal);
  const section = document.slice(document.indexOf("## family_relationship "), document.indexOf("## score_event "));
  expect(section).toContain("| related-to-oneself |");
  expect(section).toContain("| parent-missing, parent-quarantined | to_member |");
  expect(section).toContain("| duplicate | same from_member_id, to_member_id, kind |");
});
