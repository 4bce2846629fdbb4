/** How long a test waits for a state before it fails. */
const defaultSeconds = 60;

/**
 * Looks until something is so.
 *
 * @param what it says in the error when time runs out
 * @returns what the look found
 * @throws after a minute, or the given seconds
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  seconds: number = defaultSeconds,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} did not come about within ${String(seconds)} s`, { cause: last });
}
