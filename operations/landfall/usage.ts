import { commands, flags, type CommandName, type Flag } from "./flags.ts";

const names: readonly CommandName[] = ["migrate", "verify", "status", "quarantine", "plan", "rollback"];

/** The help of the whole command, or of one. `systems` are those that have a plan. */
export function usage(systems: readonly string[], command?: CommandName): string {
  return command === undefined ? overview(systems) : helpOf(command, systems);
}

function overview(systems: readonly string[]): string {
  return [
    "Usage: landfall COMMAND [flags]",
    "",
    ...names.map((name) => `  ${`${name} ${commands[name].words}`.padEnd(44)}  ${commands[name].help}`),
    "",
    `Systems: ${systems.join(", ")}.`,
    ...addressHelp,
    ...exitHelp,
    "",
    "landfall COMMAND --help says more of one.",
    "",
  ].join("\n");
}

function helpOf(command: CommandName, systems: readonly string[]): string {
  const { words, takesSystem, help, needs } = commands[command];
  const needed = needs.map((name) => ` --${name} URL`).join("");
  return [
    `Usage: landfall ${command} ${words}${needed} [flags]`,
    "",
    `  ${help}`,
    "",
    ...commands[command].flags.map((name) => {
      const { value, help: text }: Flag = flags[name];
      return `  ${`--${name}${value === undefined ? "" : ` ${value}`}`.padEnd(28)}  ${text}`;
    }),
    "",
    ...(takesSystem ? [`Systems: ${systems.join(", ")}.`] : []),
    ...addressHelp,
    ...exitHelp,
    "",
  ].join("\n");
}

const addressHelp = [
  "URLs: postgresql://USER@HOST:PORT/DATABASE, mysql://USER@HOST:PORT/DATABASE, sqlite:PATH.",
  "Passwords: in the URL, or better in LANDFALL_SOURCE_PASSWORD and LANDFALL_TARGET_PASSWORD, or in PGPASSWORD.",
];

const exitHelp = [
  "Exit codes: 0 done and verified, 1 failed, 2 refused before anything was written, 3 another runner is at work.",
];
