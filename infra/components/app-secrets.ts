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
    this.operatorPassword = new GeneratedSecret("operator-password", { length: 24 }, { parent: this }).value;
    this.secretKey = new GeneratedSecret("app-secret-key", { length: 64 }, { parent: this }).value;
    this.registerOutputs();
  }
}
