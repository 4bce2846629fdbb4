import { X509Certificate } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Container, ContainerCreateOptions } from "dockerode";
import { bundle } from "../../images/bundle.ts";
import type { ImageName } from "../../images/catalogue.ts";
import { writeContext } from "../../images/context.ts";
import { createAuthority, issueCertificate, type KeyPair } from "../../infra/certificates/authority.ts";
import { deliverConfiguration } from "../../infra/delivery/proxy.ts";
import { renderBackend } from "../../infra/proxy/backend.ts";
import { renderSite } from "../../infra/proxy/render.ts";
import { containerPorts, type Site } from "../../infra/proxy/site.ts";
import { upstreamName } from "../../infra/proxy/upstream.ts";
import type { ProxyServer } from "../../infra/settings/proxy.ts";
import { engineAddress, openEngine } from "../../tools/engine.ts";
import { buildImage } from "../services/images.ts";
import { untilReady } from "../services/ready.ts";
import { until } from "../stacks/until.ts";
import { host, servedSerial, type Place } from "./client.ts";

const engine = openEngine();
/** The tests' network, of those that are kept for measurements (RFC 2544), with the host's address on it. */
const subnet = "198.18.77.0/24";
const ownAddress = "198.18.77.1";
/** Addresses that stay when a container is started again. */
const addresses = {
  proxy: "198.18.77.10",
  "backend-a": "198.18.77.21",
  "backend-b": "198.18.77.22",
  "app-a": "198.18.77.31",
  "app-b": "198.18.77.32",
} as const;
type Noun = keyof typeof addresses;
/** What names of the tests' containers, network and volumes begin with. */
const prefix = "landfall-proxy-test";
const hardened = {
  ReadonlyRootfs: true,
  CapDrop: ["ALL"],
  SecurityOpt: ["no-new-privileges:true"],
  Init: true,
  Memory: 128 * 1024 * 1024,
  Tmpfs: Object.fromEntries(
    ["/tmp", "/run/proxy"].map((path) => [path, "rw,noexec,nosuid,nodev,size=64m,uid=996,gid=996,mode=0700"]),
  ),
};

/** Two app servers, each with a service and a proxy before it, and a proxy for clients, all on one network. */
export class Estate {
  /** Where clients ask, over TLS. */
  readonly place: Place;
  /** Where the tests ask from, as the proxy sees it. */
  readonly ownAddress = ownAddress;
  /** Root of the certificates within, PEM. */
  readonly internalRoot: string;
  private readonly server: ProxyServer;
  private readonly root: KeyPair;
  private readonly internal: KeyPair;
  private readonly folder: string;

  private constructor(parts: Pick<Estate, "place"> & Parts) {
    this.place = parts.place;
    this.server = parts.server;
    this.root = parts.root;
    this.internal = parts.internal;
    this.internalRoot = parts.internal.certificate;
    this.folder = parts.folder;
  }

  /** Builds the images where they are missing, and starts everything. */
  static async start(server: ProxyServer): Promise<Estate> {
    await removeAll();
    const folder = mkdtempSync(join(tmpdir(), "proxy-test-"));
    chmodSync(folder, 0o755);
    writeContext(join(folder, "srv"), { "upstream.mjs": bundle("test/proxy/upstream.ts") });
    await engine.createNetwork({
      Name: prefix,
      IPAM: { Driver: "default", Config: [{ Subnet: subnet, Gateway: ownAddress }] },
    });
    for (const image of ["node", "nginx", server] as const) await buildImage(image);
    await Promise.all([
      startApp("app-a", folder),
      startApp("app-b", folder),
      startProxy("backend-a", "nginx"),
      startProxy("backend-b", "nginx"),
      startProxy("proxy", server),
    ]);
    const root = await createAuthority({ commonName: "Test root", validityDays: 30 });
    const internal = await createAuthority({ commonName: "Test internal", validityDays: 30 });
    const place = { address: addresses.proxy, port: containerPorts.https, root: root.certificate };
    const estate = new Estate({ place, server, root, internal, folder });
    await Promise.all([estate.deliverBackend("a"), estate.deliverBackend("b")]);
    return estate;
  }

  /** Removes everything. */
  async stop(): Promise<void> {
    await removeAll();
    rmSync(this.folder, { recursive: true });
  }

  /** A site with everything in its ordinary form, and one service behind it. */
  site(changes: Partial<Site> = {}): Site {
    return {
      hosts: [host, "www.example.com"],
      httpsPort: 443,
      upstream: { kind: "container", host: "app-a", port: 8000 },
      hsts: { maxAgeSeconds: 31_536_000, includeSubdomains: true, preload: false },
      metricsNetworks: [],
      maxBodyBytes: 65_536,
      answerSeconds: 60,
      certificate: { kind: "delivered" },
      proxyProtocol: undefined,
      // So that every test can be a client of its own.
      clientAddress: { header: "CF-Connecting-IP", networks: [`${this.ownAddress}/32`] },
      rateLimit: { perMinute: 60_000, burst: 10_000 },
      signInRateLimit: { perMinute: 60, burst: 5 },
      maintenance: false,
      ...changes,
    };
  }

  /** The two app servers, as a site's upstream. */
  servers(): Site["upstream"] {
    const port = containerPorts.https;
    return {
      kind: "servers",
      servers: [
        { address: addresses["backend-a"], port },
        { address: addresses["backend-b"], port },
      ],
    };
  }

  /** Serves a site, as an update does; with a new certificate or another pair. */
  async deliver(site: Site, pair?: KeyPair): Promise<void> {
    await this.deliverText(renderSite(this.server, site), pair);
  }

  /** Delivers a configuration with a fault in it. */
  async deliverFault(): Promise<void> {
    await this.deliverText(`${renderSite(this.server, this.site())}\nnonsense on;\n`);
  }

  /** Delivers a configuration as it stands, with a new certificate or another pair, and waits until it is served. */
  private async deliverText(configuration: string, pair?: KeyPair): Promise<void> {
    const { certificate, privateKey } = pair ?? (await this.certificate());
    await deliverConfiguration({
      engine: engineAddress,
      container: `${prefix}-proxy`,
      configuration,
      certificate,
      privateKey,
      authority: this.internal.certificate,
    });
    const { serialNumber } = new X509Certificate(certificate);
    // Processes of the configuration before may take connections for a moment.
    let rounds = 0;
    await until("the new certificate", async () => {
      const serials = await Promise.all([servedSerial(this.place), servedSerial(this.place)]);
      rounds = serials.every((serial) => serial === serialNumber) ? rounds + 1 : 0;
      return rounds === 3;
    });
  }

  /** A new certificate for the tests' host. */
  certificate(): Promise<KeyPair> {
    const request = { commonName: host, dnsNames: [host, "www.example.com"], ipAddresses: [], validityDays: 10 };
    return issueCertificate(this.root, request);
  }

  /** Has the proxy before a service pass requests on, with its own certificate or one that is not for it. */
  async deliverBackend(name: "a" | "b", wrong?: "name" | "authority"): Promise<void> {
    const address = addresses[`backend-${name}`];
    const another = await createAuthority({ commonName: "Another", validityDays: 1 });
    const pair = await issueCertificate(wrong === "authority" ? another : this.internal, {
      commonName: wrong === "name" ? "pgbouncer" : address,
      dnsNames: [wrong === "name" ? "pgbouncer" : upstreamName],
      ipAddresses: [address],
      validityDays: 10,
    });
    await deliverConfiguration({
      engine: engineAddress,
      container: `${prefix}-backend-${name}`,
      configuration: renderBackend({ host: `app-${name}`, port: 8000, answerSeconds: 60 }),
      ...pair,
    });
  }

  /** How often a service was asked, by the id that was asked with. */
  async countsOf(name: "a" | "b"): Promise<Readonly<Record<string, number>>> {
    const answer = await fetch(`http://${addresses[`app-${name}`]}:8000/counts`);
    return (await answer.json()) as Readonly<Record<string, number>>;
  }

  /** A container of the estate, for example `app-a`. */
  container(noun: Noun): Container {
    return engine.getContainer(`${prefix}-${noun}`);
  }
}

interface Parts {
  readonly server: ProxyServer;
  readonly root: KeyPair;
  readonly internal: KeyPair;
  readonly folder: string;
}

async function startApp(noun: "app-a" | "app-b", folder: string): Promise<void> {
  await start(noun, {
    Image: await buildImage("node"),
    Cmd: ["node", "/srv/test/upstream.mjs"],
    Env: [`NAME=${noun.slice(-1)}`],
    HostConfig: { Binds: [`${join(folder, "srv")}:/srv/test:ro`] },
  });
}

async function startProxy(noun: Noun, image: ImageName): Promise<void> {
  const volumes = [`${prefix}-${noun}:/var/lib/proxy`, `${prefix}-${noun}-certificates:/var/lib/certificates`];
  await start(noun, { Image: await buildImage(image), HostConfig: { ...hardened, Binds: volumes } });
  await untilReady(noun, engine.getContainer(`${prefix}-${noun}`), ["health.sh"]);
}

async function start(noun: Noun, options: ContainerCreateOptions): Promise<void> {
  const container = await engine.createContainer({
    name: `${prefix}-${noun}`,
    ...options,
    HostConfig: { ...options.HostConfig, NetworkMode: prefix },
    NetworkingConfig: {
      EndpointsConfig: { [prefix]: { Aliases: [noun], IPAMConfig: { IPv4Address: addresses[noun] } } },
    },
  });
  await container.start();
}

async function removeAll(): Promise<void> {
  const containers = await engine.listContainers({ all: true, filters: { name: [`^/${prefix}-`] } });
  await Promise.all(containers.map(({ Id }) => engine.getContainer(Id).remove({ force: true })));
  const networks = await engine.listNetworks({ filters: { name: [`^${prefix}$`] } });
  await Promise.all(networks.map(({ Id }) => engine.getNetwork(Id).remove()));
  const { Volumes } = await engine.listVolumes();
  const own = Volumes.filter(({ Name }) => Name.startsWith(`${prefix}-`));
  await Promise.all(own.map(({ Name }) => engine.getVolume(Name).remove()));
}
