import type { CaaRecord } from "node:dns";

/** The name by which CAA records let this authority issue. */
export const caaIdentity = "letsencrypt.org";

/** Asks for the CAA records of a name; none when there are none. */
export type CaaLookup = (name: string) => Promise<readonly CaaRecord[]>;

/**
 * Why the CAA records of a domain do not let this authority issue for it (RFC 8659): those of the name itself, or of the
 * closest name above it that has any. Undefined when they do, or when there are none.
 */
export async function caaRefusal(domain: string, lookup: CaaLookup): Promise<string | undefined> {
  const wildcard = domain.startsWith("*.");
  const labels = domain.replace(/^\*\./, "").split(".");
  for (let from = 0; from < labels.length; from += 1) {
    const name = labels.slice(from).join(".");
    const records = await lookup(name);
    if (records.length === 0) continue;
    return permits(records, wildcard) ? undefined : `CAA record for ${name} prevents issuance`;
  }
  return undefined;
}

function permits(records: readonly CaaRecord[], wildcard: boolean): boolean {
  const known = ["issue", "issuewild", "iodef", "contactemail", "contactphone", "issuemail"];
  const tagsOf = (record: CaaRecord): string[] =>
    Object.keys(record).filter((key) => key !== "critical" && key !== "type");
  if (records.some((record) => record.critical !== 0 && tagsOf(record).some((tag) => !known.includes(tag))))
    return false;
  const issue = records.flatMap((record) => record.issue ?? []);
  const issueWild = records.flatMap((record) => record.issuewild ?? []);
  const relevant = wildcard && issueWild.length > 0 ? issueWild : issue;
  // Records without a statement on issuing restrict nothing.
  return relevant.length === 0 || relevant.some((value) => value.split(";")[0]?.trim() === caaIdentity);
}
