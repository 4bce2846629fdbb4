import type { RecordFault } from "./record-rules.ts";

const caaTags = ["issue", "issuewild", "iodef", "issuemail"];

/** Everything that is wrong with the parts of a CAA or SRV record. */
export function checkData(type: string, data: Readonly<Record<string, unknown>>): RecordFault[] {
  const parts = type === "CAA" ? ["flags", "tag", "value"] : ["priority", "weight", "port", "target"];
  const faults: RecordFault[] = [];
  const refuse = (part: string, message: string): void => {
    faults.push({ property: `data.${part}`, code: 9101, message });
  };
  for (const part of Object.keys(data)) {
    if (!parts.includes(part) && data[part] !== undefined) refuse(part, `${type} records have no data.${part}.`);
  }
  for (const part of parts) {
    const value = data[part];
    if (value === undefined) refuse(part, `data.${part} is a required field for ${type} records.`);
    else faults.push(...checkPart(part, value));
  }
  return faults;
}

function checkPart(part: string, value: unknown): RecordFault[] {
  const refuse = (message: string): RecordFault[] => [{ property: `data.${part}`, code: 9101, message }];
  switch (part) {
    case "flags":
      return isWhole(value, 255) ? [] : refuse("data.flags must be a whole number from 0 to 255.");
    case "tag":
      return caaTags.includes(String(value)) ? [] : refuse(`data.tag must be one of ${caaTags.join(", ")}.`);
    case "value":
    case "target":
      return typeof value === "string" && value !== "" && !/["\\\s]/.test(value)
        ? []
        : refuse(`data.${part} must be text without quotation marks and spaces.`);
    default:
      return isWhole(value, 65535) ? [] : refuse(`data.${part} must be a whole number from 0 to 65535.`);
  }
}

/** Cloudflare takes the flags of a CAA record as a number or as text. */
function isWhole(value: unknown, greatest: number): boolean {
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) && number >= 0 && number <= greatest;
}

/** The content that Cloudflare shows for a record that was given in parts. */
export function contentOf(type: string, data: Readonly<Record<string, unknown>>): string {
  if (type === "CAA") return `${String(data["flags"])} ${String(data["tag"])} "${String(data["value"])}"`;
  return `${String(data["weight"])} ${String(data["port"])} ${String(data["target"])}`;
}
