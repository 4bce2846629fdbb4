import { randomBytes, randomInt } from "node:crypto";
import type { Container, Network } from "dockerode";
import type { ImageName } from "../../images/catalogue.ts";
import { issueCertificate, createAuthority, type KeyPair } from "../../infra/certificates/authority.ts";
import { putFiles, type ArchiveFile } from "../../infra/engine/archive.ts";
import { execute, type ExecutionResult } from "../../infra/engine/execute.ts";
import { demultiplex } from "../../infra/engine/logs.ts";
import { openEngine } from "../../tools/engine.ts";
import { buildImage } from "./images.ts";

/** A container of an estate, as a test asks for it. */
export interface Wanted {
  readonly image: ImageName;
  /** User and group id that the image runs as. */
  readonly user: number;
  /** Last number of its address; any when left out. */
  readonly address?: number;
  readonly alias: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Files below /run/secrets. */
  readonly files?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  /** What it runs in place of the image's own entry point. */
  readonly entrypoint?: readonly string[];
  /** Folders in memory, owned by the user. */
  readonly temporary?: readonly string[];
  /** Names beside those of the network, each with its address. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** Whether it is only made, as a gate's job is. */
  readonly job?: boolean;
}

/** Marks the containers and networks of a test run with the number of its process. */
export const label = "landfall.test-services";

/** A network with containers of the project's own images and certificates of an authority of its own. */
export class Estate {
  readonly authority: KeyPair;
  readonly docker = openEngine();
  private readonly network: Network;
  private readonly prefix: string;
  private readonly containers: Container[] = [];

  private constructor(network: Network, prefix: string, authority: KeyPair) {
    this.network = network;
    this.prefix = prefix;
    this.authority = authority;
  }

  /** Makes the network, on addresses that no other one has. */
  static async open(): Promise<Estate> {
    const authority = await createAuthority({ commonName: "Estate of tests", validityDays: 2 });
    for (let tries = 1; ; tries++) {
      const prefix = `10.${String(randomInt(200, 250))}.${String(randomInt(250))}`;
      try {
        const network = await openEngine().createNetwork({
          Name: `landfall-estate-${randomBytes(4).toString("hex")}`,
          Labels: { [label]: String(process.pid) },
          IPAM: { Config: [{ Subnet: `${prefix}.0/24` }] },
        });
        return new Estate(network, prefix, authority);
      } catch (error) {
        if (tries === 5) throw error;
      }
    }
  }

  /** The address that ends with a number. */
  address(last: number): string {
    return `${this.prefix}.${String(last)}`;
  }

  /** `server.crt` and `server.key` of the authority, for these names and addresses. */
  async certificate(dnsNames: [string, ...string[]], ipAddresses: string[]): Promise<Record<string, string>> {
    const request = { commonName: dnsNames[0], dnsNames, ipAddresses, validityDays: 2 };
    const { certificate, privateKey } = await issueCertificate(this.authority, request);
    return { "server.crt": certificate, "server.key": privateKey };
  }

  /** Makes a container with its files, and starts it unless it is a job. */
  async run(wanted: Wanted): Promise<Container> {
    const { user } = wanted;
    const owner = `uid=${String(user)},gid=${String(user)},mode=0700`;
    const container = await this.docker.createContainer({
      Image: await buildImage(wanted.image),
      Labels: { [label]: String(process.pid) },
      Env: Object.entries(wanted.environment ?? {}).map(([name, value]) => `${name}=${value}`),
      ...(wanted.command === undefined ? {} : { Cmd: [...wanted.command] }),
      ...(wanted.entrypoint === undefined ? {} : { Entrypoint: [...wanted.entrypoint] }),
      HostConfig: {
        Init: true,
        Tmpfs: Object.fromEntries((wanted.temporary ?? []).map((path) => [path, owner])),
        ExtraHosts: Object.entries(wanted.hosts ?? {}).map(([name, address]) => `${name}:${address}`),
      },
      NetworkingConfig: {
        EndpointsConfig: {
          [this.network.id]: {
            Aliases: [wanted.alias],
            ...(wanted.address === undefined ? {} : { IPAMConfig: { IPv4Address: this.address(wanted.address) } }),
          },
        },
      },
    });
    this.containers.push(container);
    const files: Record<string, ArchiveFile> = {};
    for (const [name, content] of Object.entries(wanted.files ?? {}))
      files[name] = { content, mode: 0o400, owner: user };
    await putFiles(this.docker, { container: container.id, folder: "/run/secrets" }, files);
    if (wanted.job !== true) await container.start();
    return container;
  }

  /** Runs a command in a container and waits for its end. */
  execute(container: Container, command: readonly string[]): Promise<ExecutionResult> {
    return execute(this.docker, { container: container.id, command, signal: AbortSignal.timeout(60_000) });
  }

  /** All that a container has said. */
  async log(container: Container): Promise<string> {
    return demultiplex(await container.logs({ stdout: true, stderr: true, follow: false }));
  }

  /** Removes everything. */
  async close(): Promise<void> {
    await Promise.all(this.containers.map((container) => container.remove({ force: true, v: true })));
    await this.network.remove();
  }
}
