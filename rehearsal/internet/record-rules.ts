import { isIPv4, isIPv6 } from "node:net";
import { checkData } from "./record-data.ts";

/** What is wrong with a record, as Cloudflare's API says it. */
export interface RecordFault {
  /** Name of the property as the API has it. */
  readonly property: string;
  /** Number of the error in Cloudflare's API. */
  readonly code: number;
  readonly message: string;
}

/** A record as it is asked for. A property that is undefined is not judged, except where another one requires it. */
export interface RecordRequest {
  readonly type: string;
  readonly name?: string | undefined;
  readonly content?: string | undefined;
  readonly data?: Readonly<Record<string, unknown>> | undefined;
  readonly priority?: number | undefined;
  readonly ttl?: number | undefined;
  readonly proxied?: boolean | undefined;
  readonly comment?: string | null | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  readonly privateRouting?: boolean | undefined;
}

/** Every type that Cloudflare takes. */
export const recordTypes = [
  "A AAAA CNAME MX NS OPENPGPKEY PTR TXT CAA CERT DNSKEY DS HTTPS LOC NAPTR SMIMEA SRV SSHFP SVCB TLSA URI",
].flatMap((types) => types.split(" "));

/** Types that the rehearsal's DNS serves. */
export const servedTypes = ["A", "AAAA", "CNAME", "TXT", "MX", "NS", "CAA", "SRV"];

/** Types whose value is given in parts. */
export const typesOfParts = ["CAA", "SRV"];

const proxiableTypes = ["A", "AAAA", "CNAME"];
const hostname =
  /^(?=.{1,253}\.?$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.?$/i;

/** Whether a record of that type may stand behind the edge. */
export function isProxiable(type: string): boolean {
  return proxiableTypes.includes(type);
}

/** Whether a name can be a host's, a wildcard in its first label included when it is allowed. */
export function isHostname(name: string, wildcard = false): boolean {
  return hostname.test(wildcard ? name.replace(/^\*\./, "") : name);
}

/** Everything that Cloudflare's API refuses about a record by itself, on a zone of the Free plan. */
export function checkRecord(request: RecordRequest): RecordFault[] {
  if (!recordTypes.includes(request.type)) {
    return [{ property: "type", code: 1004, message: `DNS Validation Error: "${request.type}" is no record type.` }];
  }
  if (!servedTypes.includes(request.type)) {
    const served = servedTypes.join(", ");
    const message = `The rehearsal's DNS does not serve records of type ${request.type}; it serves ${served}.`;
    return [{ property: "type", code: 1004, message }];
  }
  return [
    ...checkName(request),
    ...checkValue(request),
    ...checkTtl(request),
    ...checkProxied(request),
    ...checkExtras(request),
  ];
}

function checkName({ name }: RecordRequest): RecordFault[] {
  if (name === undefined || name === "@" || isHostname(name, true)) return [];
  return [{ property: "name", code: 9000, message: `DNS name is invalid: "${name}".` }];
}

function checkValue(request: RecordRequest): RecordFault[] {
  const { type, content, data, priority } = request;
  if (typesOfParts.includes(type)) {
    if (data === undefined) {
      return [{ property: "data", code: 9101, message: `data is a required field for ${type} records.` }];
    }
    return checkData(type, data);
  }
  if (data !== undefined) {
    return [{ property: "data", code: 9207, message: `${type} records take content, not data.` }];
  }
  if (content === undefined) {
    return [{ property: "content", code: 9101, message: `content is a required field for ${type} records.` }];
  }
  const faults = checkContent(type, content);
  if (type === "MX" && priority === undefined) {
    faults.push({ property: "priority", code: 9101, message: "priority is a required field for MX records." });
  }
  return faults;
}

function checkContent(type: string, content: string): RecordFault[] {
  const refuse = (code: number, message: string): RecordFault[] => [{ property: "content", code, message }];
  switch (type) {
    case "A":
      return isIPv4(content) ? [] : refuse(9005, "Content for A record must be a valid IPv4 address.");
    case "AAAA":
      return isIPv6(content) ? [] : refuse(9006, "Content for AAAA record must be a valid IPv6 address.");
    case "CNAME":
      return isHostname(content) && !isIPv4(content) ? [] : refuse(9007, "Content for CNAME record is invalid.");
    case "TXT":
      return content.length > 0 && content.length <= 2048 && isPrintable(content)
        ? []
        : refuse(9021, "Content for TXT record must be 1 to 2048 printable characters.");
    default:
      return isHostname(content) && !isIPv4(content)
        ? []
        : refuse(9009, `Content for ${type} record must be a hostname.`);
  }
}

function isPrintable(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

function checkTtl({ ttl, proxied }: RecordRequest): RecordFault[] {
  if (ttl === undefined) return [];
  if (ttl !== 1 && !(Number.isInteger(ttl) && ttl >= 60 && ttl <= 86400)) {
    const message = "Invalid TTL. Must be between 60 and 86400 seconds, or 1 for Automatic.";
    return [{ property: "ttl", code: 9021, message }];
  }
  if (proxied === true && ttl !== 1) {
    // The API takes it and sets 1, so that each later update would find another value than the program's.
    const message = `The TTL of a proxied record is Automatic: set 1 instead of ${String(ttl)}.`;
    return [{ property: "ttl", code: 9021, message }];
  }
  return [];
}

function checkProxied({ type, proxied }: RecordRequest): RecordFault[] {
  if (proxied !== true || isProxiable(type)) return [];
  return [{ property: "proxied", code: 9004, message: `This record type cannot be proxied: ${type}.` }];
}

function checkExtras({ comment, tags, settings, privateRouting, proxied }: RecordRequest): RecordFault[] {
  const faults: RecordFault[] = [];
  if (comment !== undefined && comment !== null && comment.length > 100) {
    const message = `DNS record comment has ${String(comment.length)} characters, exceeding the quota of 100.`;
    faults.push({ property: "comment", code: 9300, message });
  }
  if (tags !== undefined && tags.length > 0) {
    const message = `DNS record has ${String(tags.length)} tags, exceeding the quota of 0 of the Free plan.`;
    faults.push({ property: "tags", code: 9301, message });
  }
  if (privateRouting === true) {
    const message = "private_routing is not available on the Free plan.";
    faults.push({ property: "private_routing", code: 9207, message });
  }
  for (const name of ["ipv4_only", "ipv6_only"]) {
    if (settings?.[name] !== true || proxied === true) continue;
    faults.push({ property: `settings.${name}`, code: 9207, message: `${name} applies to proxied records only.` });
  }
  return faults;
}
