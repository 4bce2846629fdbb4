import type { Target } from "./target.ts";
import type { Vantage } from "./vantage.ts";

/** The versions of TLS that a server speaks, each with its cipher suites by their registered names. */
export type TlsScan = ReadonlyMap<string, readonly string[]>;

/** Finds out what a server speaks, from SSL 3.0 on, by offering one version and suite after the other. */
export async function scanTls(vantage: Vantage, target: Target, host: string): Promise<TlsScan> {
  const script = ["--script", "ssl-enum-ciphers", "--script-args", `tls.servername=${host}`];
  const command = ["nmap", "-n", "-Pn", "-p", "443", ...script, "-oX", "-", target];
  const { stdout, stderr } = await vantage.run(command, 180);
  return parseTlsScan(stdout, stderr);
}

/**
 * Reads nmap's XML with the output of its script ssl-enum-ciphers.
 *
 * @throws when nothing at all was spoken, which a port that is closed looks like, too
 */
export function parseTlsScan(xml: string, complaint = ""): TlsScan {
  const versions = new Map<string, string[]>();
  for (const [, version = "", table = ""] of xml.matchAll(
    /<table key="(SSLv3|TLSv1\.\d)">(.*?)<\/table>\s*(?=<table key="(?:SSLv3|TLSv1)|<elem key="least|<\/script>)/gs,
  )) {
    versions.set(
      version,
      [...table.matchAll(/<elem key="name">([^<]+)<\/elem>/g)].map(([, name = ""]) => name),
    );
  }
  if (versions.size > 0) return versions;
  throw new Error(`no version of TLS was spoken: ${complaint.trim() || "is the port open?"}`);
}

// No encryption, no authentication, broken or worn-out ciphers and digests.
const weak = /_NULL_|_anon_|_EXPORT|_RC4_|_RC2_|_3?DES_|_DES40_|_IDEA_|_SEED_|_MD5$/i;
// What the project's own proxy is configured for: forward secrecy and authenticated encryption.
const strong = /^TLS_(ECDHE_(ECDSA|RSA)_WITH|AKE_WITH)_(AES_\d+_GCM_SHA\d+|CHACHA20_POLY1305_SHA256)$/;

/** The cipher suites that must not be spoken: broken ones at an edge, all but the strong ones at our own proxy. */
export function unwantedCiphers(scan: TlsScan, at: "edge" | "proxy"): string[] {
  const all = [...new Set([...scan.values()].flat())];
  return all.filter((name) => (at === "edge" ? weak.test(name) : !strong.test(name)));
}
