import { z } from "zod";

const durationSeconds = { second: 1, minute: 60, hour: 3600, day: 86_400 } as const;
const sizeBytes = { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;

type DurationUnit = keyof typeof durationSeconds;
type SizeUnit = keyof typeof sizeBytes;

/** A length of time as a person writes it, for example `"90 seconds"` or `"1 day"`. */
export type Duration = `${number} ${DurationUnit | `${DurationUnit}s`}`;
/** An amount of memory or disk, for example `"512 MiB"`. */
export type Size = `${number} ${SizeUnit}`;

/** A setting that is a length of time. */
export const duration = z.custom<Duration>(
  (value) => typeof value === "string" && /^\d+ (second|minute|hour|day)s?$/.test(value),
  { error: 'a duration such as "30 seconds", "5 minutes", "1 hour" or "90 days"' },
);

/** A setting that is an amount of memory or disk. */
export const size = z.custom<Size>((value) => typeof value === "string" && /^[1-9]\d* (KiB|MiB|GiB)$/.test(value), {
  error: 'a size such as "256 MiB" or "2 GiB"',
});

/** A duration in seconds. */
export function seconds(value: Duration): number {
  const [amount = "", unit = ""] = value.split(" ");
  const key = Object.keys(durationSeconds).find((name): name is DurationUnit => unit.startsWith(name));
  return key === undefined ? NaN : Number(amount) * durationSeconds[key];
}

/** A size in bytes. */
export function bytes(value: Size): number {
  const [amount = "", unit = ""] = value.split(" ");
  const key = Object.keys(sizeBytes).find((name): name is SizeUnit => unit === name);
  return key === undefined ? NaN : Number(amount) * sizeBytes[key];
}

/** A size in whole mebibytes, as Docker takes it. */
export function mebibytes(value: Size): number {
  return Math.round(bytes(value) / sizeBytes.MiB);
}
