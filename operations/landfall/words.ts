import { parseArgs } from "node:util";
import { commands, flags, type CommandName, type FlagName } from "./flags.ts";

/** A command line taken apart: texts and switches by the names of their flags. */
export interface Words {
  readonly command: CommandName;
  readonly words: readonly string[];
  readonly texts: ReadonlyMap<FlagName, string>;
  readonly switches: ReadonlySet<FlagName>;
  readonly faults: readonly string[];
}

const isFlag = (name: string): name is FlagName => Object.hasOwn(flags, name);

export const isCommand = (name: string): name is CommandName => Object.hasOwn(commands, name);

/** Takes the words after a command's name apart, and notes everything that the command does not take. */
export function readWords(command: CommandName, args: readonly string[]): Words {
  const faults: string[] = [];
  const words: string[] = [];
  const texts = new Map<FlagName, string>();
  const switches = new Set<FlagName>();
  const allowed: readonly FlagName[] = commands[command].flags;
  const options = Object.fromEntries(Object.entries(flags).map(([name, { type }]) => [name, { type }]));
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
  for (const token of tokens) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind !== "option") continue;
    const { name, rawName, value } = token;
    if (!isFlag(name) || !allowed.includes(name)) {
      faults.push(`${rawName}: ${command} has no such flag; it has ${allowed.map((one) => `--${one}`).join(", ")}`);
    } else if (flags[name].type === "boolean") {
      if (value === undefined) switches.add(name);
      else faults.push(`${rawName}: takes no value`);
    } else if (value === undefined || value === "" || (!token.inlineValue && value.startsWith("--"))) {
      faults.push(`${rawName}: its value is missing`);
    } else if (texts.has(name)) {
      faults.push(`${rawName}: is given twice`);
    } else {
      texts.set(name, value);
    }
  }
  return { command, words, texts, switches, faults };
}
