import { readPreview } from "@landfall/infra/policy/preview";
import { expect, test } from "vitest";
import { wholePreview } from "./check-preview.ts";

const stack = { op: "create", urn: "urn:pulumi:staging::landfall::pulumi:pulumi:Stack::x", newState: { type: "x" } };
const preview = (other: object) =>
  readPreview(JSON.stringify({ steps: [stack], changeSummary: { create: 1 }, ...other }));
const failed = (message: string) => preview({ diagnostics: [{ message, severity: "error" }] });

test("a preview that came to its end is taken", () => {
  expect(wholePreview("staging", preview({})).plan.resources).toHaveLength(1);
});

test("one of another environment is not", () => {
  expect(() => wholePreview("production", preview({}))).toThrow("This is a preview of staging, not of production.");
});

test("one that failed is not, and the engine's words are kept", () => {
  expect(() => wholePreview("staging", failed("unable to replace\nit is protected"))).toThrow(
    "staging could not be checked, as its preview did not come to its end. The engine says:\n  unable to replace\n  it is protected",
  );
});

test("one that was cut off is not", () => {
  expect(() => wholePreview("staging", preview({ changeSummary: undefined }))).toThrow("It ended without a summary.");
});

test("where a vendor's provider is missing, the way by the rehearsal cloud is shown", () => {
  const message = "no resource plugin 'pulumi-resource-linode' found in the workspace at version v5.1.1";
  expect(() => wholePreview("staging", failed(message))).toThrow(
    "    npm run rehearse -- staging --keep\n    npm run rehearse -- staging check",
  );
  expect(() => wholePreview("staging", failed("something else"))).toThrow(/^(?!.*rehearse)/s);
});
