import { putFiles, type ArchiveFile } from "../../infra/engine/archive.ts";
import { execute, type ExecutionResult } from "../../infra/engine/execute.ts";
import { openEngine } from "../../tools/engine.ts";
import { labelsOf, nameOf, type Cloud } from "../cloud/cloud.ts";
import { removeContainer, startContainer } from "../cloud/container.ts";
import { imageOf } from "../cloud/images.ts";

/** A place that checks are made from. */
export interface Vantage {
  /** What a reader of the report calls it. */
  readonly name: string;
  /** Where its connections come from. */
  readonly address: string;
  /** Runs a program there and waits for its end. Rejects when the program is not done in time (20 s). */
  run(command: readonly string[], seconds?: number): Promise<ExecutionResult>;
  /** Ends it and removes what there is of it. */
  remove(): Promise<void>;
}

/** The folder at a vantage with the files that it was given. */
export const filesFolder = "/checks";

/** A vantage to be opened. */
export interface Place {
  readonly name: string;
  readonly address: string;
  /** Part of its container's name. */
  readonly noun: string;
  /** Whether it is this machine itself, with its own addresses, or one of its own on the public network. */
  readonly machine: boolean;
  readonly files: Readonly<Record<string, ArchiveFile>>;
}

/** Starts a container of the stranger's image at a place. */
export async function openVantage(cloud: Cloud, place: Place): Promise<Vantage> {
  const { name, address, noun } = place;
  const image = imageOf(cloud, "stranger");
  await removeContainer(cloud, noun);
  if (place.machine) await startOnMachine(cloud, noun, image);
  else await startContainer(cloud, { noun, image, address });
  const container = nameOf(cloud, noun);
  await putFiles(openEngine(), { container, folder: filesFolder }, place.files);
  return {
    name,
    address,
    run: async (command, seconds = 20) => {
      const signal = AbortSignal.timeout(seconds * 1000);
      return execute(openEngine(), { container, command, signal }).catch((error: unknown) => {
        throw signal.aborted ? new Error(`${command[0] ?? ""} had no end within ${String(seconds)} s`) : error;
      });
    },
    remove: () => removeContainer(cloud, noun),
  };
}

/** This machine's own network: its addresses, and its table of connections, which is to be tidied after a scan. */
async function startOnMachine(cloud: Cloud, noun: string, image: string): Promise<void> {
  const container = await openEngine().createContainer({
    name: nameOf(cloud, noun),
    Image: image,
    Labels: labelsOf(cloud),
    HostConfig: { NetworkMode: "host", CapAdd: ["NET_ADMIN"] },
  });
  await container.start();
}
