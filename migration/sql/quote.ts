/** An SQL identifier; a dotted name is quoted part by part. */
export const identifier = (name: string): string =>
  name
    .split(".")
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join(".");

/** An SQL string, right whatever `standard_conforming_strings` says. */
export const literal = (text: string): string => {
  const quoted = `'${text.replaceAll("'", "''").replaceAll("\\", "\\\\")}'`;
  return text.includes("\\") ? ` E${quoted}` : quoted;
};

/** An array of texts as one SQL literal of type `type[]`. */
export const arrayLiteral = (values: readonly string[], type: string): string =>
  `${literal(`{${values.map((value) => `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`).join(",")}}`)}::${type}[]`;
