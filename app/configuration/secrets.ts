import type { Fault } from "./faults.ts";
import { allowedValues, type SoundVariables, type VariableName } from "./variables.ts";

export type SecretName = Extract<VariableName, `${string}_FILE`>;

/** Reads the file that a variable names; empty text when the variable is not given or the file is at fault. */
export type SecretReader = (name: SecretName, leastCharacters: number) => string;

/**
 * A reader of the secret files that adds what is wrong with them to `faults`.
 * One line end at the file's end is cut, as editors and shells add it.
 */
export function secretReader(
  values: SoundVariables,
  { read, faults }: { read: (path: string) => string; faults: Fault[] },
): SecretReader {
  return (name, leastCharacters) => {
    const path = values[name];
    if (path === undefined) return "";
    const allowed = allowedValues(name);
    let secret: string;
    try {
      secret = read(path).replace(/\r?\n$/, "");
    } catch (error) {
      const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
      faults.push({ name, given: `${JSON.stringify(path)}, which cannot be read (${reason})`, allowed });
      return "";
    }
    if (secret.length >= leastCharacters) return secret;
    faults.push({ name, given: `a file with ${secret.length.toString()} characters`, allowed });
    return "";
  };
}
