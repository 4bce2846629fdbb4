import { createHash } from "node:crypto";
import { filesFolder, type Vantage } from "./vantage.ts";
import type { Target } from "./target.ts";

/** An attempt to log in. */
export interface SshAttempt {
  readonly target: Target;
  readonly user: string;
  /** Names of the private keys that are offered, files at the vantage. */
  readonly keys: readonly string[];
}

/** What came of an attempt. */
export interface SshOutcome {
  /** Fingerprint of the host key that was shown, `SHA256:…`; undefined when there was no connection. */
  readonly hostKey: string | undefined;
  /** Methods that the server offered, in its words. */
  readonly methods: readonly string[];
  readonly loggedIn: boolean;
  /** What ssh said last. */
  readonly lastWords: string;
}

/** Tries to log in by keys. Never sends a password. */
export async function attemptSsh(vantage: Vantage, attempt: SshAttempt): Promise<SshOutcome> {
  const options = {
    BatchMode: "yes",
    IdentitiesOnly: "yes",
    IdentityAgent: "none",
    StrictHostKeyChecking: "no",
    UserKnownHostsFile: "/dev/null",
    GlobalKnownHostsFile: "/dev/null",
    HostKeyAlgorithms: "ssh-ed25519",
    ConnectTimeout: "5",
    ConnectionAttempts: "1",
  };
  const { stdout, stderr } = await vantage.run([
    ...["ssh", "-v", "-F", "none"],
    ...Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]),
    ...attempt.keys.flatMap((key) => ["-i", `${filesFolder}/${key}`]),
    ...[`${attempt.user}@${attempt.target}`, "true"],
  ]);
  return parseSshOutcome(`${stdout}\n${stderr}`);
}

/** Reads what `ssh -v` prints (OpenSSH 10). */
export function parseSshOutcome(text: string): SshOutcome {
  const lines = text.split(/\r?\n/);
  const methods = [...text.matchAll(/Authentications that can continue: (\S+)/g)].flatMap(([, list = ""]) =>
    list.split(","),
  );
  return {
    hostKey: /Server host key: \S+ (SHA256:\S+)/.exec(text)?.[1],
    methods: [...new Set(methods)],
    loggedIn: /^Authenticated to /m.test(text),
    lastWords: lines.findLast((line) => line.trim() !== "" && !line.startsWith("debug1:")) ?? "",
  };
}

/** The fingerprint of a public key as known_hosts has it (`ssh-ed25519 AAAA…`), in OpenSSH's form `SHA256:…`. */
export function fingerprintOf(publicKey: string): string {
  const [, body = ""] = publicKey.split(" ");
  const digest = createHash("sha256").update(Buffer.from(body, "base64")).digest("base64");
  return `SHA256:${digest.replace(/=+$/, "")}`;
}
