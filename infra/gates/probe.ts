import type Docker from "dockerode";
import { request } from "node:https";
import { execute } from "../engine/execute.ts";
import type { Answer } from "./answer.ts";

/** Longest wait for one answer. */
const probeSeconds = 10;

/** How a gate asks. */
export type Probe =
  /** The engine's own verdict on the container's health check. */
  | { readonly kind: "container" }
  /** HTTP asked from within the container, which publishes no port: `node /srv/app/probe.mjs URL`. */
  | { readonly kind: "inside"; readonly url: string }
  /** HTTPS asked from where Pulumi runs, as a client would: to `address`, for `host`, trusting `rootCertificate` alone, or what this machine trusts. */
  | {
      readonly kind: "outside";
      readonly address: string;
      readonly port: number;
      readonly host: string;
      readonly path: string;
      readonly rootCertificate?: string;
    }
  /** HTTPS asked of a proxy from within its own container, as a client of it would: what only its edge may reach from outside. */
  | {
      readonly kind: "within";
      /** Port in the container. */
      readonly port: number;
      readonly host: string;
      readonly path: string;
      /** What is trusted: a certificate, PEM, or the path in the container of a file with one. */
      readonly trust: string;
      /** Whether it expects the PROXY protocol. */
      readonly proxyProtocol: boolean;
    };

/** Asks once. Never rejects: what goes wrong is silence with a reason. */
export async function ask(engine: Docker, container: string, probe: Probe): Promise<Answer> {
  try {
    switch (probe.kind) {
      case "container":
        return await askEngine(engine, container);
      case "inside":
        return await askInside(engine, container, probe.url);
      case "outside":
        return await askOutside(probe);
      case "within":
        return await askWithin(engine, container, probe);
    }
  } catch (error) {
    return silent(error instanceof Error ? error.message : String(error));
  }
}

async function askEngine(engine: Docker, container: string): Promise<Answer> {
  const { State } = await engine.getContainer(container).inspect();
  const health = State.Health;
  if (health?.Status === "healthy") return { kind: "answered", status: 200, body: "" };
  const last = health?.Log.at(-1);
  const output = last === undefined ? "" : `, last check ended with ${String(last.ExitCode)}: ${last.Output.trim()}`;
  return silent(`health check is '${health?.Status ?? "missing"}'${output}`);
}

async function askInside(engine: Docker, container: string, url: string): Promise<Answer> {
  const command = ["node", "/srv/app/probe.mjs", url];
  const { stdout, stderr } = await execute(engine, { container, command, signal: probeSignal() });
  const line: unknown = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  if (typeof line === "object" && line !== null) {
    if ("status" in line && typeof line.status === "number" && "body" in line && typeof line.body === "string") {
      return { kind: "answered", status: line.status, body: line.body };
    }
    if ("error" in line && typeof line.error === "string") return silent(line.error);
  }
  return silent(`the probe printed '${stdout.trim()}' ${stderr.trim()}`);
}

async function askWithin(engine: Docker, container: string, probe: Probe & { kind: "within" }): Promise<Answer> {
  const { host, port, path, trust, proxyProtocol } = probe;
  const options = proxyProtocol ? ["--haproxy-protocol"] : [];
  const command = ["ask.sh", host, String(port), path, trust, ...options];
  const { exitCode, stdout, stderr } = await execute(engine, { container, command, signal: probeSignal() });
  if (exitCode !== 0) return silent(stderr.trim() || `asking within the container ended with ${String(exitCode)}`);
  const end = stdout.lastIndexOf("\n");
  return { kind: "answered", status: Number(stdout.slice(end + 1)), body: stdout.slice(0, end) };
}

function probeSignal(): AbortSignal {
  return AbortSignal.timeout(probeSeconds * 1000);
}

/** Asks once over HTTPS, as a client does. Never rejects. */
export function askOutside(probe: Probe & { kind: "outside" }): Promise<Answer> {
  const { address, port, host, path, rootCertificate } = probe;
  return new Promise((resolve) => {
    const outgoing = request(
      {
        host: address,
        port,
        path,
        servername: host,
        headers: { host: port === 443 ? host : `${host}:${String(port)}` },
        ...(rootCertificate === undefined ? {} : { ca: rootCertificate }),
        agent: false,
        signal: probeSignal(),
      },
      (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (body += chunk));
        response.on("end", () => {
          resolve({ kind: "answered", status: response.statusCode ?? 0, body });
        });
        response.on("error", (error) => {
          resolve(silent(error.message));
        });
      },
    );
    outgoing.on("error", (error) => {
      resolve(silent(error.message));
    });
    outgoing.end();
  });
}

function silent(reason: string): Answer {
  return { kind: "silent", reason };
}
