/*
 * Asks one address inside the container and prints one line of JSON: {"status":200,"body":"…"} or {"error":"…"}.
 *
 *   node probe.mjs [--expect-live] URL
 *
 * Exits with 0 when an answer came, whatever its status; with --expect-live only for a status of 200 to 299. Otherwise 1.
 */

const timeoutMilliseconds = 5_000;
const largestBody = 16_384;

async function probe(url: string, expectLive: boolean): Promise<boolean> {
  try {
    const answer = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(timeoutMilliseconds) });
    const body = (await answer.text()).slice(0, largestBody);
    process.stdout.write(`${JSON.stringify({ status: answer.status, body })}\n`);
    return expectLive ? answer.ok : true;
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ error: reason(error) })}\n`);
    return false;
  }
}

// fetch says only "fetch failed" and keeps the reason as the cause.
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError) return error.errors.map(reason).join("; ");
  return error.cause === undefined ? error.message : reason(error.cause);
}

const given = process.argv.slice(2);
const url = given.find((argument) => !argument.startsWith("--"));
if (url === undefined || !URL.canParse(url)) {
  process.stdout.write(`${JSON.stringify({ error: "usage: probe [--expect-live] URL" })}\n`);
  process.exitCode = 1;
} else {
  process.exitCode = (await probe(url, given.includes("--expect-live"))) ? 0 : 1;
}
