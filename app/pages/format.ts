import { html } from "ghtml";

const numbers = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 1 });
const missing = "–";

/** A number with thousands separated and one decimal at most; a dash for none. */
export function formatNumber(value: number | null | undefined): string {
  return value === null || value === undefined ? missing : numbers.format(value);
}

/** `part` of `whole` in percent, rounded down, so that only all is 100 %. Nothing of nothing is 100 %. */
export function percentOf(part: number, whole: number): number {
  return whole <= 0 ? 100 : Math.min(Math.floor((part / whole) * 100), 100);
}

/** Seconds as `2 h 05 min`, `5 min 03 s` or `12 s`; a dash for none. */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return missing;
  const whole = Math.max(Math.round(seconds), 0);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number): string => value.toString().padStart(2, "0");
  if (hours > 0) return `${hours.toString()} h ${two(minutes)} min`;
  if (minutes > 0) return `${minutes.toString()} min ${two(rest)} s`;
  return `${rest.toString()} s`;
}

/** Bytes in B, KB, MB or GB of 1,000 each. */
export function formatBytes(bytes: number): string {
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), 3);
  return `${numbers.format(bytes / 1000 ** step)} ${["B", "KB", "MB", "GB"][step] ?? "GB"}`;
}

/** A `time` element with the moment in the time zone, or in UTC when the zone's name is unknown; a dash for none. */
export function timeElement(moment: Date | null | undefined, timeZone = "UTC"): string {
  if (moment === null || moment === undefined) return missing;
  return html`<time datetime="${moment.toISOString()}">${formatMoment(moment, timeZone)}</time>`;
}

function formatMoment(moment: Date, timeZone: string): string {
  const format = { dateStyle: "medium", timeStyle: "short" } as const;
  try {
    return `${new Intl.DateTimeFormat("en-GB", { ...format, timeZone }).format(moment)} (${timeZone})`;
  } catch {
    return `${new Intl.DateTimeFormat("en-GB", { ...format, timeZone: "UTC" }).format(moment)} (UTC)`;
  }
}
