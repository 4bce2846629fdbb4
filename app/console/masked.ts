/** Columns whose text opens something, in any of the legacy systems: password hashes, tokens, keys. */
const secretColumn = /passw|secret|token|session_(key|data)|private_key|api_key/i;

/** A legacy row as the console may show it: the columns are all there, what opens something is masked. */
export function maskedRow(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      secretColumn.test(column) && value !== null ? "[masked]" : value,
    ]),
  );
}
