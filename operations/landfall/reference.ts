import { commands, type CommandName } from "./flags.ts";
import { usage } from "./usage.ts";

const heading = `# The command line

What \`landfall --help\` and \`landfall COMMAND --help\` say; \`npm run reference\` writes this page anew and a test keeps it
current. In a clone the command is \`npx landfall\`. [migration.md](migration.md) says how to work with it.
`;

const isCommand = (name: string): name is CommandName => Object.hasOwn(commands, name);

/** The page with the help of every command, in Markdown. `systems` are those that have a plan. */
export function renderCommandReference(systems: readonly string[]): string {
  const block = (text: string): string => `\`\`\`text\n${text.trimEnd()}\n\`\`\`\n`;
  const sections = Object.keys(commands)
    .filter(isCommand)
    .map((command) => `## ${command}\n\n${block(usage(systems, command))}`);
  return [heading, block(usage(systems)), ...sections].join("\n");
}
