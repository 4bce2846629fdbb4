import type { Reject, Repair } from "./plan.ts";

/** Django's datetime covers the years 1 to 9999; whatever lies outside, infinity included, the legacy system could not read. */
const unreadable = (column: string): string => `NOT (t.${column} >= '0001-01-01' AND t.${column} < '10000-01-01')`;

/** A required instant or day that no calendar has. */
export const unreadableInstant = (column: string): Reject => ({
  name: "instant-unreadable",
  when: unreadable(column),
  reason: `${column} is infinite or outside the years 1 to 9999`,
});

/** The same where the target can do without a value. */
export const clearUnreadableInstant = (source: string, target: string): Repair => ({
  name: `${source.replaceAll("_", "-")}-unreadable`,
  column: target,
  when: unreadable(source),
  then: "NULL",
  reason: `${source} is infinite or outside the years 1 to 9999, and is left empty`,
});

export const infiniteDuration = (column: string): Reject => ({
  name: "duration-infinite",
  when: `NOT isfinite(t.${column})`,
  reason: `${column} is infinite`,
});

export const negative = (column: string): Reject => ({
  name: `${column.replaceAll("_", "-")}-negative`,
  when: `t.${column} < 0`,
  reason: `${column} is below 0`,
});

/** NaN in a numeric that may be empty. */
export const clearNotANumber = (column: string): Repair => ({
  name: `${column.replaceAll("_", "-")}-not-a-number`,
  column,
  when: `t.${column} = 'NaN'`,
  then: "NULL",
  reason: `${column} is NaN, and is left empty`,
});

/** A count below 0 where the target can do without one. */
export const clearNegative = (column: string): Repair => ({
  ...negative(column),
  column,
  then: "NULL",
  reason: `${column} is below 0, and is left empty`,
});
