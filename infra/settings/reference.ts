import { z } from "zod";
import { settingsSchema } from "./settings.ts";

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** Headline and warning of the page. */
const heading = `# Settings

Every setting of an environment, from \`infra/settings/\`; \`npm run reference\` writes this page anew and a test keeps it
current. Settings stand in \`Pulumi.<environment>.yaml\` under \`landfall:\`; a value that is wrong is refused with its key,
what was given and what is allowed, before anything is changed.
`;

/** The reference page of all settings, in Markdown, from the schema itself. */
export function renderReference(): string {
  const schema = z.toJSONSchema(settingsSchema, { io: "input", unrepresentable: "any", reused: "inline" });
  const sections = Object.entries(schema.properties ?? {}).map(([name, section]) => {
    const rows = isSchema(section) ? describe(name, section) : [];
    const intro = isSchema(section) ? (section.description ?? "") : "";
    const table = ["| Key | Default | What it is |", "|---|---|---|", ...rows];
    return `## ${name}\n\n${intro}\n\n${table.join("\n")}\n`;
  });
  return [heading, ...sections].join("\n");
}

function describe(key: string, schema: JsonSchema): string[] {
  const alternatives = (schema.oneOf ?? schema.anyOf ?? []).filter(isSchema);
  if (alternatives.some((one) => one.properties !== undefined)) {
    return alternatives.flatMap((one) => describe(`${key} (${kindOf(one)})`, one));
  }
  const items = Array.isArray(schema.items) ? undefined : schema.items;
  if (isSchema(items) && (items.properties !== undefined || items.oneOf !== undefined))
    return describe(`${key}[]`, items);
  if (schema.properties !== undefined) {
    const required = schema.required ?? [];
    return Object.entries(schema.properties).flatMap(([name, property]) => {
      if (!isSchema(property)) return [];
      const inner = describe(`${key}.${name}`, property);
      return inner.length > 0 ? inner : [row(`${key}.${name}`, property, required.includes(name))];
    });
  }
  return key.includes(".") || key.endsWith("[]") ? [] : [row(key, schema, true)];
}

function row(key: string, schema: JsonSchema, required: boolean): string {
  const value =
    schema.default === undefined ? (required ? "required" : "none") : `\`${JSON.stringify(schema.default)}\``;
  const fixed = schema.const === undefined ? "" : ` Value: \`${JSON.stringify(schema.const)}\`.`;
  const choice =
    schema.enum === undefined ? "" : ` One of ${schema.enum.map((one) => `\`${JSON.stringify(one)}\``).join(", ")}.`;
  const cell = `${schema.description ?? ""}${fixed}${choice}`.trim().replaceAll("|", "\\|");
  return `| \`${key}\` | ${value} | ${cell} |`;
}

/** What tells one alternative from the others: the value of its property that has only one. */
function kindOf(alternative: JsonSchema): string {
  const constants = Object.values(alternative.properties ?? {}).map((property) => isSchema(property) && property.const);
  return String(constants.find((value) => typeof value === "string"));
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null;
}
