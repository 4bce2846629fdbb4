import { X509Certificate } from "node:crypto";

/**
 * The certificates in a text, in their order.
 *
 * @param text PEM; what stands between the certificates is left out
 * @throws when one of them is damaged
 */
export function readChain(text: string): X509Certificate[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

/** What is wrong with a chain in which each certificate must be signed by the next; undefined when nothing is. */
export function wrongOrder(chain: readonly X509Certificate[]): string | undefined {
  for (const [index, signed] of chain.entries()) {
    const signer = chain[index + 1];
    if (signer === undefined || (signed.checkIssued(signer) && signed.verify(signer.publicKey))) continue;
    return `'${oneLine(signed.subject)}' was not signed by '${oneLine(signer.subject)}'`;
  }
  return undefined;
}

/** A name of several lines, as Node.js gives it, in one. */
export function oneLine(name: string): string {
  return name.replaceAll("\n", ", ");
}
