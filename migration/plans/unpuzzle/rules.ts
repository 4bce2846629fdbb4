import type { Repair, Unreadable } from "../plan.ts";

const dashed = (column: string): string => column.replaceAll("_", "-");

/** A number below 0 in a column that may be empty. */
export const clearNegative = (column: string, target: string): Repair => ({
  name: `${dashed(column)}-negative`,
  column: target,
  when: `t.${column} < 0`,
  then: "NULL",
  reason: `${column} is below 0, and is left empty`,
});

/** MariaDB without its strict mode writes 0000-00-00, or a day such as 2024-02-00, for a date that it was not given. */
export const zeroDate: Unreadable = {
  then: "NULL",
  reason: "MariaDB writes a date of zeros where it was given none; it is left empty",
};

/** A tinyint(1) holds any number of one byte, and Python takes each but 0 for true. */
export const anyNumberIsTrue: Unreadable = {
  then: "true",
  reason: "the number is neither 0 nor 1; the legacy system took every number but 0 for true",
};

/** The same as SQL, for a column whose row need not be mapped: true, false, or NULL where nothing is stored. */
export const isTrue = (alias: string, column: string): string =>
  `coalesce(${alias}.${column}, CASE WHEN '${column}' = ANY (${alias}."~faults") THEN true END)`;
