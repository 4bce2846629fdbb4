/** Most lines that an error shows of a log. */
const mostLines = 12;

const telling =
  /^(E|Err|W): |\b(\w*error|fail(ed|ure)|not found|no such|unable|cannot|denied|refused|traceback|\w*exception)\b/i;
const chatter =
  /^(Get|Hit|Ign|Fetched|Selecting|Preparing|Unpacking|Setting up|Reading|Building|\(Reading|Created symlink|Synchronizing|Executing)[: ]/;

/**
 * The lines of cloud-init's logs that say why it failed: those that speak of an error, and, when the script of our own
 * commands failed, the last of them with what it printed.
 *
 * @param output the end of /var/log/cloud-init-output.log, with what the commands printed
 * @param log the warnings and errors of /var/log/cloud-init.log
 * @param modules those that failed
 */
export function tellingLines(output: string, log: string, modules: readonly string[]): string[] {
  const lines = linesOf(output).filter((line) => !chatter.test(line));
  const lastCommand = modules.includes("scripts-user") ? lines.findLastIndex((line) => line.startsWith("+ ")) : -1;
  const fromOutput = lines.filter((line, index) => {
    return telling.test(line) || (lastCommand >= 0 && index >= lastCommand && index <= lastCommand + 3);
  });
  const chosen = (fromOutput.length > 0 ? fromOutput : lines).slice(-mostLines);
  const more = linesOf(log).filter((line) => !chosen.includes(line));
  return [...chosen, ...more.slice(-Math.max(0, mostLines - chosen.length))].slice(0, mostLines);
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "");
}
