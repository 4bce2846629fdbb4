/** The promise of somebody that a violation is meant, for a time. */
export interface Waiver {
  /** Id of the rule. */
  readonly rule: string;
  /** URN of the resource, or its end; `*` stands for any characters. */
  readonly urn: string;
  /** Who answers for it. */
  readonly owner: string;
  readonly reason: string;
  /** The last day that it holds, `2026-12-31`, in UTC. */
  readonly expires: string;
}

/** Whether a waiver no longer holds. */
export function isExpired({ expires }: Waiver, today: string): boolean {
  return expires < today;
}

/**
 * Whether a URN fits a pattern: the whole of it, or its end from `::`, so that a logical name is enough. `*` stands for
 * any characters.
 */
export function matches(urn: string, pattern: string): boolean {
  const text = pattern
    .split("*")
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^(?:.*::)?${text}$`).test(urn);
}
