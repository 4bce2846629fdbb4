import { createHash } from "node:crypto";
import { openEngine } from "../engine/engine.ts";
import { putFiles, type ArchiveFile } from "../engine/archive.ts";
import { execute } from "../engine/execute.ts";
import { certificateFile, keyFile } from "../proxy/site.ts";
import { upstreamAuthorityFile } from "../proxy/upstream.ts";

/** What a proxy's configuration is delivered from. */
export interface ProxyConfigurationInputs {
  /** Address of the Docker engine. */
  readonly engine: string;
  /** Id of the proxy's container. */
  readonly container: string;
  /** The configuration as the server reads it. */
  readonly configuration: string;
  /** Certificate chain, PEM; left out when the configuration names one that lies on the server. */
  readonly certificate?: string;
  /** Its key, PEM; left out together with the certificate. */
  readonly privateKey?: string;
  /** Root that the certificates of other servers come from, PEM; left out where none is asked. */
  readonly authority?: string;
}

/** User that the proxy runs as in its image. */
const proxyUser = 996;
/** Longest wait for the test and the reload. */
const activationSeconds = 30;

/**
 * Puts a configuration beside the live one, has the server test it, and makes it live by one rename and a reload.
 * No connection is dropped; a configuration that the server refuses changes nothing.
 *
 * @returns the release, sixteen hexadecimal digits over all files
 * @throws with the server's own words when it refuses the configuration
 */
export async function deliverConfiguration(inputs: ProxyConfigurationInputs): Promise<string> {
  const { container } = inputs;
  const files = filesOf(inputs);
  const release = createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 16);
  const engine = openEngine(inputs.engine);
  await putFiles(
    engine,
    { container, folder: "/var/lib/proxy" },
    Object.fromEntries(files.map(([name, file]) => [`releases/${release}/${name}`, file])),
  );
  const { exitCode, stderr } = await execute(engine, {
    container,
    command: ["activate.sh", release],
    signal: AbortSignal.timeout(activationSeconds * 1000),
  });
  if (exitCode !== 0) {
    throw new Error(
      `The proxy refused its new configuration and goes on with the old one:\n${stderr.trim()}\n` +
        "  next: correct the setting that the message names and run the same command again",
    );
  }
  return release;
}

function filesOf(inputs: ProxyConfigurationInputs): [string, ArchiveFile][] {
  const { configuration, certificate, privateKey, authority } = inputs;
  const files: Readonly<Record<string, string | undefined>> = {
    "site.conf": configuration,
    [certificateFile]: certificate,
    [keyFile]: privateKey,
    [upstreamAuthorityFile]: authority,
  };
  return Object.entries(files).flatMap(([name, content]): [string, ArchiveFile][] =>
    content === undefined ? [] : [[name, { content, mode: name === keyFile ? 0o400 : 0o440, owner: proxyUser }]],
  );
}
