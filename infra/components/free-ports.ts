import * as pulumi from "@pulumi/pulumi";
import { once } from "node:events";
import { createServer } from "node:net";
import { openEngine } from "../engine/engine.ts";
import type { Settings } from "../settings/settings.ts";

/** What must be free, and who may hold it already. */
export interface FreePortsArgs {
  readonly settings: Settings;
  /** Name that Docker knows the proxy by: its own ports are not taken. */
  readonly proxy: string;
}

/**
 * Sees to it that the proxy's ports can be had before anything is made.
 *
 * @throws pulumi.RunError that names every port that is taken, and the settings that choose others
 */
export async function requireFreePorts({ settings, proxy }: FreePortsArgs): Promise<void> {
  const [server] = settings.servers;
  // Only an engine on this machine can be looked at from here.
  if (server?.platform !== "engine-at-hand" || !server.engine.startsWith("unix://")) return;
  const own = await publishedPorts(server.engine, proxy);
  const { address, httpPort, httpsPort } = settings.proxy;
  const wanted = { httpPort, httpsPort };
  const taken: string[] = [];
  for (const [key, port] of Object.entries(wanted)) {
    if (own.includes(port)) continue;
    const reason = await whyNotFree(address, port);
    if (reason !== undefined) taken.push(`  ${address}:${String(port)} (landfall:proxy.${key}): ${reason}`);
  }
  if (taken.length === 0) return;
  throw new pulumi.RunError(
    `The proxy cannot have its ports; nothing was changed.\n${taken.join("\n")}\n` +
      "  next: end what holds them, or choose others by these settings",
  );
}

/** Why a port cannot be listened on, or undefined when it can. */
async function whyNotFree(host: string, port: number): Promise<string | undefined> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, "listening");
    return undefined;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EADDRINUSE") return "another program listens there";
    if (code === "EADDRNOTAVAIL") return "this machine has no such address";
    // Whether low ports may be bound is the engine's to say, not this user's.
    if (code === "EACCES") return undefined;
    throw error;
  } finally {
    server.close();
  }
}

async function publishedPorts(engine: string, container: string): Promise<number[]> {
  const containers = await openEngine(engine).listContainers({ filters: { name: [`^/${container}$`] } });
  return containers.flatMap(({ Ports }) => Ports.map(({ PublicPort }) => PublicPort));
}
