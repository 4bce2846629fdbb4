import type { Target } from "./target.ts";
import type { Vantage } from "./vantage.ts";

/** A record of a DNS answer. */
export interface DnsRecord {
  /** In lower case, without the last dot. */
  readonly name: string;
  readonly ttl: number;
  readonly type: string;
  readonly value: string;
}

/** A DNS answer. */
export interface DnsAnswer {
  /** `NOERROR`, `NXDOMAIN`, … */
  readonly status: string;
  /** Whether who answered speaks for the zone. */
  readonly authoritative: boolean;
  readonly records: readonly DnsRecord[];
}

/**
 * Asks a name server.
 *
 * @throws when it does not answer
 */
export async function lookUp(
  vantage: Vantage,
  server: Target,
  question: { name: string; type: string },
): Promise<DnsAnswer> {
  const { name, type } = question;
  const { stdout } = await vantage.run([
    ...["dig", `@${server}`, name, type, "+noall", "+comments", "+answer", "+tries=2", "+time=2", "+nocookie"],
  ]);
  return parseDigAnswer(stdout);
}

/**
 * Asks a name server many questions at once; every record of the answers.
 *
 * @throws when one of them has no answer
 */
export async function lookUpMany(
  vantage: Vantage,
  server: Target,
  questions: readonly { name: string; type: string }[],
): Promise<readonly DnsRecord[]> {
  const options = ["+noall", "+comments", "+answer", "+tries=2", "+time=2", "+nocookie"];
  const asked = questions.flatMap(({ name, type }) => [name, type, ...options]);
  const { stdout } = await vantage.run(["dig", `@${server}`, ...asked], 60);
  const answers = stdout.match(/->>HEADER<<- /g)?.length ?? 0;
  if (answers < questions.length) {
    throw new Error(`${String(questions.length)} DNS questions had ${String(answers)} answers`);
  }
  return parseRecords(stdout);
}

/** Asks for a whole zone; the records that are given out, none when the transfer is refused. */
export async function transferZone(vantage: Vantage, server: Target, zone: string): Promise<readonly DnsRecord[]> {
  const { stdout } = await vantage.run(["dig", `@${server}`, zone, "AXFR", "+noall", "+answer", "+tries=1", "+time=2"]);
  return parseRecords(stdout);
}

/**
 * Reads what `dig +noall +comments +answer` prints.
 *
 * @throws when there is no answer in it, with dig's own words
 */
export function parseDigAnswer(text: string): DnsAnswer {
  const status = /->>HEADER<<- .*status: (\w+)/.exec(text)?.[1];
  if (status === undefined) {
    throw new Error(/^;; (.*(?:error|timed out|no servers).*)$/m.exec(text)?.[1] ?? `no DNS answer: ${text.trim()}`);
  }
  const flags = /^;; flags: ([a-z ]*);/m.exec(text)?.[1] ?? "";
  return { status, authoritative: flags.split(" ").includes("aa"), records: parseRecords(text) };
}

function parseRecords(text: string): DnsRecord[] {
  return [...text.matchAll(/^([^;\s]\S*)\s+(\d+)\s+IN\s+(\S+)\s+(.*)$/gm)].map(
    ([, name = "", ttl = "", type = "", value = ""]) => ({
      name: name.toLowerCase().replace(/\.$/, ""),
      ttl: Number(ttl),
      type,
      value: value.trim(),
    }),
  );
}
