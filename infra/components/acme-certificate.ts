import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Limits } from "../settings/limits.ts";
import { CertificateGate } from "../providers/certificate-gate.ts";
import { alertVariables, type CertificateAlerts } from "./certificate-alerts.ts";
import type { CertificateFolder } from "./certificate-folder.ts";
import { DataVolume } from "./data-volume.ts";
import type { Network } from "./network.ts";
import type { RenewedCertificate } from "./proxy-certificate.ts";
import type { Server } from "./server.ts";
import { Service } from "./service.ts";

/** How the issuer is shown that the hosts are ours. */
export type AcmeChallenge =
  /** A record in the hosts' zone. The token may read the zone and edit its records. */
  | { readonly kind: "dns-01"; readonly provider: DnsProvider; readonly token: pulumi.Input<string> }
  /** An answer of the proxy on port 80 of every host. */
  | { readonly kind: "http-01" };

/** Who answers for a zone in which records can be made. */
export type DnsProvider = "cloudflare" | "linode";

/** Arguments of an AcmeCertificate. */
export interface AcmeCertificateArgs {
  readonly server: Server;
  readonly network: Network;
  /** Where the proxy finds the certificate. */
  readonly folder: CertificateFolder;
  /** Host names that the certificate is for; the first names it. */
  readonly hosts: readonly [string, ...string[]];
  /** The issuer's directory URL. */
  readonly directory: string;
  /** Contact of the account with the issuer. */
  readonly email: string;
  readonly challenge: AcmeChallenge;
  /** The server renews the certificate when no more days than this are left. */
  readonly renewalDays: number;
  readonly alerts: CertificateAlerts;
  /** What the issuer needs before it is asked: the hosts' records, and for http-01 the proxy. */
  readonly after: readonly pulumi.Resource[];
}

const limits: Limits = { memory: "128 MiB", cpus: 0.5 };
/** Time for the account and the certificate itself. */
const baseSeconds = 120;
/** How long it may take until every name server has a record, which issue.sh waits for, and the issuer's own time. */
const hostSeconds = { "http-01": 200, cloudflare: 200, linode: 620 } as const;

/** A certificate of a public authority, which the server gets and renews by itself over ACME (RFC 8555). */
export class AcmeCertificate extends pulumi.ComponentResource implements RenewedCertificate {
  readonly kind = "folder";
  readonly site: RenewedCertificate["site"];
  /** Opens when the certificate is in the folder. */
  readonly gate: CertificateGate;
  /** Id of the container that looks after the certificate. */
  readonly containerId: pulumi.Output<string>;
  readonly server: Server;

  constructor(args: AcmeCertificateArgs, options?: pulumi.ComponentResourceOptions) {
    const { server, network, folder, hosts, directory, challenge } = args;
    super("landfall:infra:AcmeCertificate", server.logicalName("acme-certificate"), {}, options);
    const alerts = alertVariables(server, args.alerts);
    const volume = accountVolume(server, this);
    const container = new Service(
      {
        server,
        noun: "certificates",
        image: "lego",
        user: 996,
        networks: [{ network: network.edge, aliases: [] }],
        environment: {
          ACME_DIRECTORY: directory,
          ACME_EMAIL: args.email,
          ACME_HOSTS: hosts.join(" "),
          ACME_CHALLENGE: challenge.kind,
          ACME_KEY_TYPE: "ec256",
          RENEW_BEFORE_DAYS: String(args.renewalDays),
          ...(challenge.kind === "dns-01"
            ? { ACME_DNS_PROVIDER: challenge.provider, DNS_TOKEN_FILE: "/run/secrets/dns_token" }
            : {}),
          ...alerts.environment,
        },
        files: { ...(challenge.kind === "dns-01" ? { dns_token: challenge.token } : {}), ...alerts.files },
        volumes: { "/var/lib/lego": volume, [folder.path]: folder.volume },
        // The whole folder: the file in it is replaced when the server's trust changes.
        hostFiles: { "/run/trust": "/etc/ssl/certs" },
        limits,
        stopSeconds: 10,
      },
      { parent: this },
    );
    this.server = server;
    this.containerId = container.containerId;
    this.site = {
      kind: "folder",
      path: `${folder.path}/current`,
      challenges: challenge.kind === "http-01" ? `${folder.path}/challenges` : undefined,
    };
    this.gate = new CertificateGate(
      server.logicalName("certificate-issued"),
      {
        engine: server.engine,
        container: container.containerId,
        hosts: [...hosts],
        directory,
        challenge: challenge.kind,
        deadlineSeconds: baseSeconds + secondsOf(challenge) * hosts.length,
      },
      { parent: this, dependsOn: [...args.after] },
    );
    this.registerOutputs({ notAfter: this.gate.notAfter });
  }
}

function secondsOf(challenge: AcmeChallenge): number {
  return hostSeconds[challenge.kind === "dns-01" ? challenge.provider : challenge.kind];
}

/**
 * Where the account with the issuer and what it has issued are kept. On a server without a disk for data they go with the
 * server, unprotected: the next one asks the issuer anew.
 */
function accountVolume(server: Server, parent: pulumi.Resource): docker.Volume {
  const noun = "certificates-data";
  if (server.data.kind === "disk") return new DataVolume({ server, noun }, { parent }).volume;
  return new docker.Volume(
    server.logicalName(noun),
    { name: server.dockerName(noun), labels: [{ label: "landfall.stack", value: pulumi.getStack() }] },
    server.own(parent),
  );
}
