import { noFiles } from "@landfall/migration/report/lost-files";
import { landingReport } from "@landfall/migration/report/landing-report";
import { learnmore } from "@landfall/migration/plans/learnmore/plan";
import { expect, test } from "vitest";
import { summary } from "./summary.ts";

const verdictOf = (error: string): string =>
  summary(
    landingReport({
      plan: learnmore,
      outcome: undefined,
      files: noFiles,
      quarantine: [],
      seconds: 1,
      release: "test",
      source: "",
      target: "",
      error,
    }),
  ).trim();

test("a failure is told with its system, which is named once", () => {
  expect(verdictOf("Stopped as asked.")).toBe("learnmore: Stopped as asked.");
  expect(verdictOf("learnmore differs in 1 of 70 checks")).toBe("learnmore differs in 1 of 70 checks");
});
