import * as pulumi from "@pulumi/pulumi";
import { elasticsearchPort, elasticsearchUser, renderElasticsearch } from "../elasticsearch/configuration.ts";
import type { HealthGate } from "../providers/health-gate.ts";
import type { ElasticsearchSettings } from "../settings/search.ts";
import { Certificate } from "./certificate.ts";
import type { CertificateAuthority } from "./certificate-authority.ts";
import { containerGate } from "./container-gate.ts";
import { hostFrom, publication, type Place } from "./database.ts";
import { DataVolume } from "./data-volume.ts";
import { GeneratedSecret } from "./generated-secret.ts";
import type { Server } from "./server.ts";
import { Service } from "./service.ts";
import type { ServicePart } from "./service-part.ts";

/** Arguments of an Elasticsearch. */
export interface ElasticsearchArgs {
  /** The server that it runs on, and its networks. */
  readonly place: Place;
  /** Signs the certificates within the environment. */
  readonly authority: CertificateAuthority;
  readonly settings: ElasticsearchSettings;
}

const alias = "elasticsearch";

/**
 * Elasticsearch 8 of its maker's image, one node on a protected volume, over TLS only and with one user of few rights.
 * It publishes its port on the server's private address when there are other servers, and nowhere when there is none.
 */
export class Elasticsearch extends pulumi.ComponentResource {
  /** Opens when it answers and its indices can be searched. */
  readonly gate: HealthGate;
  private readonly server: Server;
  private readonly index: string;
  private readonly password: pulumi.Output<string>;
  private readonly rootCertificate: pulumi.Output<string>;

  constructor({ place, authority, settings }: ElasticsearchArgs, options?: pulumi.ComponentResourceOptions) {
    const { server } = place;
    super("landfall:infra:Elasticsearch", server.logicalName("search-engine"), {}, options);
    const parent = { parent: this };
    const secret = new GeneratedSecret("elasticsearch-password", { length: 40 }, parent);
    const { volume } = new DataVolume({ server, noun: "elasticsearch-data" }, parent);
    const { networks, ports, ipAddresses } = publication(place, { alias, port: elasticsearchPort });
    const tls = new Certificate(
      "elasticsearch-certificate",
      // The health check asks on the spot.
      { authority, dnsNames: [alias, "localhost"], ipAddresses, validityDays: 397, renewalDays: 60 },
      parent,
    );
    const rendered = pulumi
      .all([secret.value, secret.bcryptHash])
      .apply(([password, passwordHash]) => renderElasticsearch({ settings, password, passwordHash }));
    const names = Object.keys(renderElasticsearch({ settings, password: "", passwordHash: "" }));
    const container = new Service(
      {
        server,
        noun: "elasticsearch",
        image: "elasticsearch",
        user: 1000,
        networks,
        ports,
        files: {
          ...Object.fromEntries(names.map((name) => [name, rendered.apply((files) => files[name] ?? "")])),
          "ca.crt": authority.certificate,
          "server.crt": tls.certificate,
          "server.key": tls.privateKey,
        },
        volumes: { "/var/lib/elasticsearch": volume },
        temporary: ["/usr/share/elasticsearch/config", "/usr/share/elasticsearch/logs"],
        limits: settings.limits,
        stopSeconds: 60,
      },
      parent,
    );
    this.server = server;
    this.index = settings.index;
    this.password = secret.value;
    this.rootCertificate = authority.certificate;
    this.gate = containerGate({ server, noun: "elasticsearch", service: container }, this);
    this.registerOutputs();
  }

  /** What the service on a server needs to ask it. */
  part(from: Server): ServicePart {
    return {
      environment: {
        ELASTICSEARCH_URL: `https://${hostFrom(from, { server: this.server, alias })}:${String(elasticsearchPort)}`,
        ELASTICSEARCH_INDEX: this.index,
        ELASTICSEARCH_USERNAME: elasticsearchUser,
        ELASTICSEARCH_PASSWORD_FILE: "/run/secrets/elasticsearch_password",
        ELASTICSEARCH_CA_FILE: "/run/secrets/elasticsearch_ca.crt",
      },
      files: { elasticsearch_password: this.password, "elasticsearch_ca.crt": this.rootCertificate },
      hostFiles: {},
      leadsOut: false,
      checks: ["elasticsearch"],
    };
  }
}
