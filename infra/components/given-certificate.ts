import * as pulumi from "@pulumi/pulumi";
import { daysLeft } from "../certificates/authority.ts";
import type { GivenSettings } from "../settings/certificate.ts";
import type { DeliveredCertificate } from "./proxy-certificate.ts";

/** Arguments of a GivenCertificate. */
export interface GivenCertificateArgs {
  readonly settings: GivenSettings;
  readonly privateKey: string;
}

/** A certificate that somebody else has had issued. The settings were refused unless it can be shown to clients. */
export class GivenCertificate extends pulumi.ComponentResource implements DeliveredCertificate {
  readonly kind = "delivered";
  /** The certificate with its chain, PEM. */
  readonly certificate: pulumi.Output<string>;
  /** Its key, PEM, a secret. */
  readonly privateKey: pulumi.Output<string>;
  /** The certificate with its chain: a gate then knows that the proxy shows this very one. */
  readonly rootCertificate: pulumi.Output<string>;

  constructor({ settings, privateKey }: GivenCertificateArgs, options?: pulumi.ComponentResourceOptions) {
    super("landfall:infra:GivenCertificate", "given-certificate", {}, options);
    const chain = `${settings.chain.trim()}\n`;
    this.certificate = pulumi.output(chain);
    this.privateKey = pulumi.secret(`${privateKey.trim()}\n`);
    this.rootCertificate = this.certificate;
    const days = daysLeft(chain, Date.now());
    if (days <= settings.warningDays) {
      void pulumi.log.warn(
        `The given certificate expires in ${String(days)} days, and nobody but you renews it. Have another one issued and ` +
          "set landfall:certificate.chain, and landfall:secrets at certificate.privateKey where the key is another one.",
        this,
      );
    }
    this.registerOutputs({ certificate: this.certificate });
  }
}
