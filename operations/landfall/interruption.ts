/** What a shell gives for a command that Ctrl-C has ended. */
const interrupted = 130;

/**
 * Calls `first` when this process is asked to end, and ends it at once when it is asked again. Gives what stops that.
 */
export function onInterruption(first: () => void, atOnce: () => void): () => void {
  let asked = false;
  const listen = (): void => {
    if (asked) {
      atOnce();
      process.exit(interrupted);
    }
    asked = true;
    first();
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, listen);
  return () => {
    for (const signal of signals) process.off(signal, listen);
  };
}
