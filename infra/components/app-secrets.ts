import * as pulumi from "@pulumi/pulumi";
import { GeneratedSecret } from "./generated-secret.ts";

/** What the service keeps secret, the same wherever it runs: a session that one server began goes on at another. */
export class AppSecrets extends pulumi.ComponentResource {
  /** Password of the first operator. */
  readonly operatorPassword: pulumi.Output<string>;
  /** Signs cookies and the like. */
  readonly secretKey: pulumi.Output<string>;

  constructor(options?: pulumi.ComponentResourceOptions) {
    super("landfall:infra:AppSecrets", "app-secrets", {}, options);
    // They were a release's own before there were several app servers; their place in the state was below it.
    const own = { parent: this, aliases: [{ parent: pulumi.createUrn("service", "landfall:infra:App") }] };
    this.operatorPassword = new GeneratedSecret("operator-password", { length: 24 }, own).value;
    this.secretKey = new GeneratedSecret("app-secret-key", { length: 64 }, own).value;
    this.registerOutputs();
  }
}
