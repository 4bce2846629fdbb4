/** A name as an SQL identifier of SQLite's; it may hold dots. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A text as an SQL literal of SQLite's, which knows no escapes. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
