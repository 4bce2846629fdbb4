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
  readonly ownAddress: string;
  /** Root of the certificates within, PEM. */
  readonly internalRoot: string;
  private readonly server: ProxyServer;
  private readonly root: KeyPair;
  private readonly internal: KeyPair;
  private readonly folder: string;
  private readonly addresses: ReadonlyMap<string, string>;

  private constructor(parts: Pick<Estate, "place" | "ownAddress"> & Parts) {
    this.place = parts.place;
    this.ownAddress = parts.ownAddress;
    this.server = parts.server;
    this.root = parts.root;
    this.internal = parts.internal;
    this.internalRoot = parts.internal.certificate;
    this.folder = parts.folder;
    this.addresses = parts.addresses;
  }

  /** Builds the images where they are missing, and starts everything. */
  static async start(server: ProxyServer): Promise<Estate> {
    await removeAll();
    const folder = mkdtempSync(join(tmpdir(), "proxy-test-"));
    chmodSync(folder, 0o755);
    writeContext(join(folder, "srv"), { "upstream.mjs": bundle("test/proxy/upstream.ts") });
    const network = await engine.createNetwork({ Name: prefix });
    const details = (await network.inspect()) as { IPAM: { Config: { Gateway: string }[] } };
    const ownAddress = details.IPAM.Config[0]?.Gateway ?? "";
    for (const image of ["node", "nginx", server] as const) await buildImage(image);
    const starts = {
      "app-a": startApp("a", folder),
      "app-b": startApp("b", folder),
      "backend-a": startProxy("backend-a", "nginx"),
      "backend-b": startProxy("backend-b", "nginx"),
      proxy: startProxy("proxy", server),
    };
    const started = Object.entries(starts).map(async ([noun, address]) => [noun, await address] as const);
    const addresses = new Map(await Promise.all(started));
    const root = await createAuthority({ commonName: "Test root", validityDays: 30 });
    const internal = await createAuthority({ commonName: "Test internal", validityDays: 30 });
    const place = { address: addresses.get("proxy") ?? "", port: containerPorts.https, root: root.certificate };
    const estate = new Estate({ place, ownAddress, server, root, internal, folder, addresses });
    await Promise.all(["a", "b"].map((name) => estate.deliverBackend(name)));
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
    const servers = ["a", "b"].map((name) => ({
      address: this.addresses.get(`backend-${name}`) ?? "",
      port: containerPorts.https,
    }));
    return { kind: "servers", servers };
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

  /** Has the proxy before a service pass requests on, with a certificate of the authority or of another one. */
  async deliverBackend(name: string, authority: KeyPair = this.internal): Promise<void> {
    const address = this.addresses.get(`backend-${name}`) ?? "";
    const pair = await issueCertificate(authority, {
      commonName: address,
      dnsNames: [upstreamName],
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
  async countsOf(name: string): Promise<Readonly<Record<string, number>>> {
    const answer = await fetch(`http://${this.addresses.get(`app-${name}`) ?? ""}:8000/counts`);
    return (await answer.json()) as Readonly<Record<string, number>>;
  }

  /** A container of the estate, for example `app-a`. */
  container(noun: string): Container {
    return engine.getContainer(`${prefix}-${noun}`);
  }
}

interface Parts {
  readonly server: ProxyServer;
  readonly root: KeyPair;
  readonly internal: KeyPair;
  readonly folder: string;
  readonly addresses: ReadonlyMap<string, string>;
}

async function startApp(name: string, folder: string): Promise<string> {
  return start(`app-${name}`, {
    Image: await buildImage("node"),
    Cmd: ["node", "/srv/test/upstream.mjs"],
    Env: [`NAME=${name}`],
    HostConfig: { Binds: [`${join(folder, "srv")}:/srv/test:ro`] },
  });
}

async function startProxy(noun: string, image: ImageName): Promise<string> {
  const volumes = [`${prefix}-${noun}:/var/lib/proxy`, `${prefix}-${noun}-certificates:/var/lib/certificates`];
  const address = await start(noun, { Image: await buildImage(image), HostConfig: { ...hardened, Binds: volumes } });
  await untilReady(noun, engine.getContainer(`${prefix}-${noun}`), ["health.sh"]);
  return address;
}

async function start(noun: string, options: ContainerCreateOptions): Promise<string> {
  const container = await engine.createContainer({
    name: `${prefix}-${noun}`,
    ...options,
    HostConfig: { ...options.HostConfig, NetworkMode: prefix },
    NetworkingConfig: { EndpointsConfig: { [prefix]: { Aliases: [noun] } } },
  });
  await container.start();
  const { NetworkSettings } = await container.inspect();
  return NetworkSettings.Networks[prefix]?.IPAddress ?? "";
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
