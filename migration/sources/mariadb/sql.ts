/** A name as MariaDB quotes it. */
export const name = (text: string): string => `\`${text.replaceAll("`", "``")}\``;

/** A text as MariaDB quotes it, right under an empty `sql_mode`. */
export const text = (value: string): string => `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
