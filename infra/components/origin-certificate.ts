import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { withOwnKey } from "../certificates/signing-request.ts";
import { SigningRequest } from "../providers/signing-request.ts";
import type { OriginCaSettings } from "../settings/certificate.ts";
import type { DeliveredCertificate } from "./proxy-certificate.ts";

/** Arguments of an OriginCertificate. */
export interface OriginCertificateArgs {
  /** Host names that the certificate is for, in zones of the account. */
  readonly hosts: readonly string[];
  readonly settings: OriginCaSettings;
}

/**
 * A certificate of Cloudflare's authority for origins, which Cloudflare's edge alone trusts. Its key is the stack's own.
 * A renewal is another certificate; the old one is revoked once the proxies show the new one.
 *
 * https://developers.cloudflare.com/ssl/origin-configuration/origin-ca/
 */
export class OriginCertificate extends pulumi.ComponentResource implements DeliveredCertificate {
  readonly kind = "delivered";
  /** The certificate, PEM. */
  readonly certificate: pulumi.Output<string>;
  /** Its key, PEM, a secret. */
  readonly privateKey: pulumi.Output<string>;
  /** The certificate itself: a gate then knows that the proxy shows this very one. */
  readonly rootCertificate: pulumi.Output<string>;

  constructor({ hosts, settings }: OriginCertificateArgs, options?: pulumi.ComponentResourceOptions) {
    super("landfall:infra:OriginCertificate", "origin-certificate", {}, options);
    const { validityDays, renewalDays } = settings;
    const request = new SigningRequest(
      "origin-certificate-request",
      { hosts: [...hosts], validityDays, renewalDays },
      { parent: this },
    );
    const issued = new cloudflare.OriginCaCertificate(
      "origin-certificate",
      { csr: request.csr, hostnames: [...hosts], requestType: "origin-ecc", requestedValidity: validityDays },
      { parent: this },
    );
    this.privateKey = pulumi.secret(request.privateKey);
    // What is checked with the key is no secret itself.
    this.certificate = pulumi.unsecret(
      pulumi.all([issued.certificate, this.privateKey]).apply(([certificate, key]) => withOwnKey(certificate, key)),
    );
    this.rootCertificate = this.certificate;
    this.registerOutputs({ certificate: this.certificate, expiresOn: issued.expiresOn });
  }
}
