import type * as pulumi from "@pulumi/pulumi";
import type { SiteCertificate } from "../proxy/site.ts";

/** A certificate as a proxy takes it, wherever it comes from. */
export type ProxyCertificate = DeliveredCertificate | RenewedCertificate;

/** A certificate that comes with an update, and is delivered together with the configuration. */
export interface DeliveredCertificate {
  readonly kind: "delivered";
  /** The certificate, PEM; with its chain, where it has one. */
  readonly certificate: pulumi.Output<string>;
  /** Its key, PEM, a secret. */
  readonly privateKey: pulumi.Output<string>;
  /** What a gate trusts, PEM: the root where it is known, and the certificate itself where it is not. */
  readonly rootCertificate: pulumi.Output<string>;
}

/** A certificate that the servers get and renew by themselves, and the proxy reads from a folder. */
export interface RenewedCertificate {
  readonly kind: "folder";
  readonly site: SiteCertificate & { readonly kind: "folder" };
  /** Opens when the certificate is in the folder of this very server. */
  readonly gate: CertificateInPlace;
}

/** A gate that opens when a server has its certificate in place. */
export type CertificateInPlace = pulumi.Resource & {
  /** Serial number of the certificate that it saw, hexadecimal. */
  readonly serial: pulumi.Output<string>;
};
