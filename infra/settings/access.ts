import { z } from "zod";
import { cidr } from "./network-address.ts";

const key = 'a public key such as "ssh-ed25519 AAAA… name"';

/** Who reaches the servers themselves, and from where. */
export const access = z
  .strictObject({
    networks: z
      .array(cidr, "a list of networks")
      .default([])
      .describe(
        "Networks that reach the servers over ssh, the one that Pulumi runs in among them. A change is applied in place.",
      ),
    authorizedKeys: z
      .array(
        z.string(key).regex(/^(ssh-ed25519|ecdsa-sha2-nistp\d+|sk-\S+|ssh-rsa) [A-Za-z0-9+/]+=*( \S.*)?$/, key),
        "a list of public keys",
      )
      .default([])
      .describe(
        "Public keys of people who may log in as `deploy`, besides the stack's own. A new generation of a server takes a change up.",
      ),
  })
  .prefault({});
