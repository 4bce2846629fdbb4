import { Resolver } from "node:dns/promises";
import { describeAnswer, judge } from "@landfall/infra/gates/answer";
import { askOutside } from "@landfall/infra/gates/probe";
import { watch } from "@landfall/infra/gates/watch";

/** A service that starts again after a repair needs a while for its dependencies. */
const limits = { passes: 1, intervalSeconds: 1, deadlineSeconds: 60 };

/**
 * Sees to it that what was asked for is what serves: the wanted release answers over HTTPS and is ready. An update that
 * changed nothing asks no gate again, so this is asked after every one.
 *
 * @param outputs the stack's `url`, `release`, and `rootCertificate` where the certificate is not publicly trusted
 * @throws with the last answer when the release does not answer, or is not ready, within a minute
 */
export async function requireServing(outputs: Readonly<Record<string, unknown>>): Promise<void> {
  const { url, rootCertificate, release } = outputs;
  if (typeof url !== "string" || typeof release !== "string") {
    throw new Error("The stack has no outputs url and release, so nothing can be asked.");
  }
  const { hostname, port } = new URL(url);
  const probe = {
    kind: "outside" as const,
    address: hostname,
    port: port === "" ? 443 : Number(port),
    host: hostname,
    path: "/health/ready",
    ...(typeof rootCertificate === "string" && rootCertificate !== "" ? { rootCertificate } : {}),
  };
  const result = await watch(async () => {
    const answer = await askOutside({ ...probe, address: await addressOf(hostname) });
    return { answer, verdict: judge(answer, { release, checks: [] }) };
  }, limits);
  if (result.kind === "failed") {
    throw new Error(
      `The update has ended, but ${url} does not serve release ${release}: ${result.reason}\n` +
        `  last answer: ${describeAnswer(result.last.answer)}\n` +
        "  next:        docker ps --filter label=landfall.stack, and docker logs of what is not healthy",
    );
  }
}

/** The address of a host, from the name server that LANDFALL_RESOLVER names instead of the system's, if it names one. */
async function addressOf(host: string): Promise<string> {
  const server = process.env["LANDFALL_RESOLVER"];
  if (server === undefined) return host;
  const resolver = new Resolver();
  resolver.setServers([server]);
  const [address] = await resolver.resolve4(host);
  if (address === undefined) throw new Error(`${server} knows no address of ${host}.`);
  return address;
}
