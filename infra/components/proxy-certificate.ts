import type * as pulumi from "@pulumi/pulumi";
import type { SiteCertificate } from "../proxy/site.ts";
import type { CertificateGate } from "../providers/certificate-gate.ts";

/** A certificate as a proxy takes it, wherever it comes from. */
export type ProxyCertificate = DeliveredCertificate | RenewedCertificate;

/** A certificate that updates issue, and deliver together with the configuration. */
export interface DeliveredCertificate {
  readonly kind: "delivered";
  /** The certificate, PEM. */
  readonly certificate: pulumi.Output<string>;
  /** Its key, PEM, a secret. */
  readonly privateKey: pulumi.Output<string>;
  /** The root that a client has to trust, PEM. */
  readonly rootCertificate: pulumi.Output<string>;
}

/** A certificate that the server gets and renews by itself, and the proxy reads from a folder. */
export interface RenewedCertificate {
  readonly kind: "folder";
  readonly site: SiteCertificate & { readonly kind: "folder" };
  /** Opens when the first one is in the folder. */
  readonly gate: CertificateGate;
}
