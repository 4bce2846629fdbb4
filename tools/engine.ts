import type Docker from "dockerode";
import { openEngine as connect } from "../infra/engine/engine.ts";

/** Where the Docker engine listens. */
export const engineAddress = process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock";

/**
 * A client of the engine at hand.
 * @param timeout milliseconds that an answer may take; none when left out
 * @throws when DOCKER_HOST has a form that this project does not know
 */
export function openEngine(timeout?: number): Docker {
  return connect(engineAddress, timeout);
}

/** How the engine answers: it runs, it is not there, or we may not talk to it. */
export type EngineState = "running" | "absent" | "forbidden";

/** Asks the engine for a sign of life. */
export async function engineState(): Promise<EngineState> {
  try {
    await openEngine(5000).ping();
    return "running";
  } catch (error) {
    return errorCode(error) === "EACCES" ? "forbidden" : "absent";
  }
}

/** Whether the engine has an image. */
export async function hasImage(name: string): Promise<boolean> {
  try {
    await openEngine().getImage(name).inspect();
    return true;
  } catch (error) {
    if (statusCode(error) === 404) return false;
    throw error;
  }
}

/** The HTTP status that the engine answered with, if it was the engine that failed. */
export function statusCode(error: unknown): number | undefined {
  return error instanceof Error && "statusCode" in error ? Number(error.statusCode) : undefined;
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
