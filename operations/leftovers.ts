import { readFileSync, readdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { pulumiHome, root } from "@landfall/tools/paths";
import { isRecord } from "./record.ts";

/** A process of a plugin or a program, and the engine's address that it was started with. */
interface PluginProcess {
  pid: number;
  port: number;
}

/**
 * Ends the plugins and programs of engines that are gone. They would end by themselves within minutes, but until then
 * they may go on making what the engine had asked for. Only on Linux, where processes can be looked at.
 */
export async function endLeftovers(): Promise<void> {
  for (const { pid, port } of pluginProcesses()) {
    if (await answers(port)) continue;
    console.error(`Ending process ${String(pid)}, a plugin that a killed update left behind.`);
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      if (!isRecord(error) || error["code"] !== "ESRCH") throw error;
    }
  }
}

/** The engine's port in a plugin's command line; undefined for every other process. */
export function enginePort(commandLine: string[], folders: string[]): number | undefined {
  const isOurs = commandLine.some((argument) => folders.some((folder) => argument.startsWith(`${folder}/`)));
  const port = commandLine.map((argument) => /^127\.0\.0\.1:(\d+)$/.exec(argument)?.[1]).findLast(Boolean);
  return isOurs && port !== undefined ? Number(port) : undefined;
}

function pluginProcesses(): PluginProcess[] {
  const folders = [pulumiHome, join(root, "node_modules/@pulumi/pulumi/cmd")];
  return numbers("/proc").flatMap((pid): PluginProcess[] => {
    try {
      const port = enginePort(readFileSync(`/proc/${String(pid)}/cmdline`, "utf8").split("\0"), folders);
      return port === undefined ? [] : [{ pid, port }];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}

function numbers(folder: string): number[] {
  try {
    return readdirSync(folder)
      .map(Number)
      .filter((pid) => pid > 0);
  } catch {
    return [];
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => {
      resolve(false);
    });
  });
}
