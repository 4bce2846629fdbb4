/*
 * Asks one address inside the container and prints one line of JSON: {"status":200,"body":"…"} or {"error":"…"}.
 *
 *   node probe.mjs [--expect-live] [--host=NAME] [--trust=PEM in base64] URL
 *
 * --host asks for another name than the URL's, over TLS too; --trust takes one certificate alone for good, be it a root
 * or the server's own. Exits with 0 when an answer came, whatever its status; with --expect-live only for a status of
 * 200 to 299. Otherwise 1.
 */
import { request as requestHttp } from "node:http";
import { request as requestHttps, type RequestOptions } from "node:https";
import { parseArgs } from "node:util";

const timeoutMilliseconds = 5_000;
const largestBody = 16_384;

interface Question {
  readonly url: URL;
  readonly host?: string | undefined;
  readonly trust?: string | undefined;
}

function ask({ url, host, trust }: Question): Promise<{ status: number; body: string }> {
  const options: RequestOptions = {
    agent: false,
    signal: AbortSignal.timeout(timeoutMilliseconds),
    ...(host === undefined ? {} : { servername: host, headers: { host } }),
    ...(trust === undefined ? {} : { ca: Buffer.from(trust, "base64").toString(), allowPartialTrustChain: true }),
  };
  return new Promise((resolve, reject) => {
    const send = url.protocol === "https:" ? requestHttps : requestHttp;
    const outgoing = send(url, options, (answer) => {
      let body = "";
      answer.setEncoding("utf8");
      answer.on("data", (text: string) => (body += text));
      answer.on("error", reject);
      answer.on("end", () => {
        resolve({ status: answer.statusCode ?? 0, body: body.slice(0, largestBody) });
      });
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

async function probe(question: Question, expectLive: boolean): Promise<boolean> {
  try {
    const answer = await ask(question);
    process.stdout.write(`${JSON.stringify(answer)}\n`);
    return expectLive ? answer.status >= 200 && answer.status < 300 : true;
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ error: reason(error) })}\n`);
    return false;
  }
}

// A connection that was tried at several addresses keeps the reasons apart, and an abort keeps its own as the cause.
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError) return error.errors.map(reason).join("; ");
  return error.cause === undefined ? error.message : reason(error.cause);
}

const options = { "expect-live": { type: "boolean" }, host: { type: "string" }, trust: { type: "string" } } as const;
const { values, positionals } = parseArgs({ options, allowPositionals: true });
const [address = ""] = positionals;
if (URL.canParse(address)) {
  const question = { url: new URL(address), host: values.host, trust: values.trust };
  process.exitCode = (await probe(question, values["expect-live"] === true)) ? 0 : 1;
} else {
  process.stdout.write(
    `${JSON.stringify({ error: "usage: probe [--expect-live] [--host=NAME] [--trust=BASE64] URL" })}\n`,
  );
  process.exitCode = 1;
}
