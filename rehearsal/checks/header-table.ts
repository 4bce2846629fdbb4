import { valuesOf, type HttpAnswer } from "./http.ts";

/** Headers that may stand more than once in an answer. */
const repeatable: ReadonlySet<string> = new Set(["set-cookie", "vary", "link"]);

/**
 * What is wrong with an answer's headers, a phrase each: a wanted one that is missing, doubled or has another value; any
 * that is doubled; and what tells too much.
 *
 * @param table the wanted headers: name and value
 * @param hidden texts that must stand nowhere, such as a hidden server's address
 */
export function headerFaults(
  answer: HttpAnswer,
  table: Readonly<Record<string, string>>,
  hidden: readonly string[] = [],
): string[] {
  const faults: string[] = [];
  for (const [name, wanted] of Object.entries(table)) {
    const values = valuesOf(answer, name);
    if (values.length === 0) faults.push(`${name} is missing`);
    else if (values.length === 1 && values[0] !== wanted) faults.push(`${name} is "${String(values[0])}"`);
  }
  const names = answer.headers.map(([name]) => name);
  for (const name of new Set(names)) {
    const count = names.filter((other) => other === name).length;
    if (count > 1 && !repeatable.has(name)) faults.push(`${name} stands there ${String(count)} times`);
  }
  for (const [name, value] of answer.headers) {
    if (name === "x-powered-by" || (name === "server" && /\d/.test(value))) faults.push(`${name} tells "${value}"`);
    for (const text of hidden) if (value.includes(text)) faults.push(`${name} gives ${text} away`);
  }
  return faults;
}
