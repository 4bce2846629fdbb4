import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import type { KeyPair } from "../../../infra/certificates/authority.ts";
import { scratchFolder } from "../places.ts";

/** Where Pebble listens inside its container. */
export const pebblePort = 14_000;
const managementPort = 15_000;

/** Pebble speaks TLS within the container, too; nobody else can be on its loopback. */
export const pebbleAgent = new Agent({ keepAlive: true, rejectUnauthorized: false });

/** What Pebble is configured with. */
interface PebbleOptions {
  /** Files of its own certificate, PEM. */
  readonly certificate: string;
  readonly privateKey: string;
  /** Seconds that what it issues holds. */
  readonly certificateSeconds: number;
}

/** Pebble's configuration (letsencrypt/pebble, test/config). */
export function pebbleConfiguration({ certificate, privateKey, certificateSeconds }: PebbleOptions): string {
  const pebble = {
    listenAddress: `127.0.0.1:${String(pebblePort)}`,
    managementListenAddress: `127.0.0.1:${String(managementPort)}`,
    certificate,
    privateKey,
    httpPort: 80,
    tlsPort: 443,
    ocspResponderURL: "",
    externalAccountBindingRequired: false,
    keyAlgorithm: "ecdsa",
    certificateValidityPeriod: certificateSeconds,
    retryAfter: { authz: 1, order: 1 },
  };
  return JSON.stringify({ pebble });
}

interface StartOptions {
  readonly pair: KeyPair;
  readonly resolver: string;
  readonly certificateSeconds: number;
}

/**
 * Starts Pebble and waits until it answers. The process ends when it ends.
 *
 * @param options its own certificate, the address of the resolver by which it validates, and how many seconds its
 * certificates hold
 * @returns the certificate of the authority that it made at this start, PEM
 */
export async function startPebble(options: StartOptions): Promise<string> {
  const files = {
    certificate: join(scratchFolder, "pebble.pem"),
    privateKey: join(scratchFolder, "pebble.key"),
  };
  const configuration = join(scratchFolder, "pebble.json");
  writeFileSync(files.certificate, options.pair.certificate);
  writeFileSync(files.privateKey, options.pair.privateKey, { mode: 0o600 });
  writeFileSync(configuration, pebbleConfiguration({ ...files, certificateSeconds: options.certificateSeconds }));
  const pebble = spawn("pebble", ["-config", configuration, "-dnsserver", `${options.resolver}:53`], {
    stdio: "inherit",
    // It really validates, at once, every time; and takes every nonce that is good.
    env: { ...process.env, PEBBLE_VA_NOSLEEP: "1", PEBBLE_AUTHZREUSE: "0", PEBBLE_WFE_NONCEREJECT: "0" },
  });
  pebble.on("exit", (code) => {
    console.error(`Pebble ended with ${String(code)}.`);
    process.exit(1);
  });
  for (;;) {
    try {
      return await fetchText(managementPort, "/intermediates/0");
    } catch {
      await pause(50);
    }
  }
}

function fetchText(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request({ host: "127.0.0.1", port, path, agent: pebbleAgent }, (answer) => {
      buffer(answer).then((body) => {
        if (answer.statusCode === 200) resolve(body.toString());
        else reject(new Error(`Pebble answered ${String(answer.statusCode)}.`));
      }, reject);
    });
    call.on("error", reject);
    call.end();
  });
}
