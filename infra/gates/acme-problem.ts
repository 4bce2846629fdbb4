/** Why a certificate was refused, as lego tells it. */
export interface AcmeProblem {
  /** The host it is about; undefined when it is about the whole order. */
  readonly host: string | undefined;
  /** The problem's type without its namespace, for example `caa` (RFC 8555, 6.7); empty when the issuer gave none. */
  readonly type: string;
  readonly detail: string;
}

/** How the issuer is shown that a host is ours. */
export type Challenge = "dns-01" | "http-01";

const namespace = "urn:ietf:params:acme:error:";

/**
 * The problems in lego's output. The issuer's are `[host] acme: error: STATUS :: TYPE :: DETAIL`, for an order without a
 * host and with `METHOD :: URL ::` before the type; what went wrong before the issuer was asked has no type.
 */
export function readProblems(output: string): AcmeProblem[] {
  return output.split("\n").flatMap((line): AcmeProblem[] => {
    const [, host, ofHost] = /^\[(?!INFO|WARN)([^\]]+)\] (?:\[[^\]]+\] )?(.+)$/.exec(line) ?? [];
    const [ofOrder] =
      /(?<=^\s+)acme: error: .*|^(?:cloudflare|linode): .*|^(?:Could not (?!obtain certificates:$)|unrecognized |the issuer gave ).*/.exec(
        line,
      ) ?? [];
    const text = ofHost ?? ofOrder;
    if (text === undefined) return [];
    const parts = text.split(" :: ");
    const index = parts.findIndex((part) => part.startsWith(namespace));
    if (index === -1) return [{ host, type: "", detail: text }];
    return [{ host, type: (parts[index] ?? "").slice(namespace.length), detail: parts.slice(index + 1).join(" :: ") }];
  });
}

/** What a person should look at, most telling problem first. */
export function nextStep(
  problems: readonly AcmeProblem[],
  request: { challenge: Challenge; directory: string },
): string {
  const types = problems.map(({ type }) => type);
  const details = problems.map(({ detail }) => detail).join("\n");
  const again = "then run the same command again";
  if (types.includes("rateLimited")) {
    return `wait until the time that the issuer names, and try the settings out with a staging directory (landfall:certificate.directory: https://acme-staging-v02.api.letsencrypt.org/directory)`;
  }
  if (types.includes("caa")) return `have the zone's CAA records permit the issuer of ${request.directory}, ${again}`;
  if (types.includes("rejectedIdentifier")) return `correct landfall:hosts: the issuer takes no such name; ${again}`;
  if (types.includes("badNonce") || types.includes("serverInternal")) return "run the same command again";
  const [, unreached] = /(cloudflare|linode): .* was not answered/.exec(details) ?? [];
  if (unreached !== undefined) return `see that the server reaches api.${unreached}.com, ${again}`;
  if (details.includes("cloudflare: ")) {
    return `give the Cloudflare token Zone:Read and DNS:Edit for the zone of the hosts, ${again}`;
  }
  if (details.includes("linode: ")) {
    return `give the Linode token the right to read and write domains, and the account the domain of the hosts, ${again}`;
  }
  if (details.includes("get directory at") || details.includes("certificate signed by unknown authority")) {
    return `see that the server reaches ${request.directory} and trusts its certificate, ${again}`;
  }
  return request.challenge === "http-01"
    ? `see that every host's A and AAAA records point to this server and that the world reaches its port 80, ${again}; ` +
        "where they cannot, choose landfall:certificate.challenge: dns-01"
    : `see that the zone's name servers are the ones that its registrar names, and answer for _acme-challenge of every host, ${again}`;
}
