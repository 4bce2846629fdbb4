import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** Arguments of a GeneratedSecret. */
export interface GeneratedSecretArgs {
  /** Number of characters, letters and digits. */
  readonly length: number;
}

/**
 * A password that the stack makes and keeps as a secret. It is protected: what it opens may hold data. Letters and
 * digits only, so that no configuration format has to quote it.
 */
export class GeneratedSecret extends pulumi.ComponentResource {
  readonly value: pulumi.Output<string>;
  /** Its bcrypt hash, for what must be told of a password without being given it; a secret all the same. */
  readonly bcryptHash: pulumi.Output<string>;

  constructor(name: string, { length }: GeneratedSecretArgs, options?: pulumi.ComponentResourceOptions) {
    super("landfall:infra:GeneratedSecret", name, {}, options);
    const password = new random.RandomPassword(name, { length, special: false }, { parent: this, protect: true });
    this.value = pulumi.secret(password.result);
    this.bcryptHash = pulumi.secret(password.bcryptHash);
    this.registerOutputs({ value: this.value });
  }
}
