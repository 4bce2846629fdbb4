import * as pulumi from "@pulumi/pulumi";
import type { CertificateUsage } from "../certificates/authority.ts";
import { LocalCertificate } from "../providers/local-certificate.ts";
import type { CertificateAuthority } from "./certificate-authority.ts";
import type { DeliveredCertificate } from "./proxy-certificate.ts";

/** Arguments of a Certificate. */
export interface CertificateArgs {
  readonly authority: CertificateAuthority;
  readonly dnsNames: readonly [string, ...string[]];
  readonly ipAddresses: readonly string[];
  readonly validityDays: number;
  /** An update renews it when no more days than this are left. */
  readonly renewalDays: number;
  /** What its holder is in a TLS connection; a server unless said otherwise. */
  readonly usage?: CertificateUsage;
}

/** A certificate of an authority of the environment's own. */
export class Certificate extends pulumi.ComponentResource implements DeliveredCertificate {
  readonly kind = "delivered";
  /** The certificate, PEM. */
  readonly certificate: pulumi.Output<string>;
  /** Its key, PEM, a secret. */
  readonly privateKey: pulumi.Output<string>;
  /** The root that whoever is at the other end has to trust, PEM. */
  readonly rootCertificate: pulumi.Output<string>;

  constructor(name: string, args: CertificateArgs, options?: pulumi.ComponentResourceOptions) {
    super("landfall:infra:Certificate", name, {}, options);
    const issued = new LocalCertificate(
      name,
      {
        authorityCertificate: args.authority.certificate,
        authorityPrivateKey: args.authority.privateKey,
        commonName: args.dnsNames[0],
        dnsNames: [...args.dnsNames],
        ipAddresses: [...args.ipAddresses],
        validityDays: args.validityDays,
        renewalDays: args.renewalDays,
        ...(args.usage === undefined ? {} : { usage: args.usage }),
      },
      { parent: this },
    );
    this.certificate = issued.certificate;
    this.privateKey = pulumi.secret(issued.privateKey);
    this.rootCertificate = args.authority.certificate;
    this.registerOutputs({ certificate: this.certificate });
  }
}
