import * as pulumi from "@pulumi/pulumi";
import { permittedIssuers } from "../certificates/caa.ts";
import type { Settings } from "../settings/settings.ts";
import { CloudflareZone } from "./cloudflare-zone.ts";
import { LinodeZone } from "./linode-zone.ts";
import type { Zone } from "./zone.ts";

/** The zone of the hosts; undefined where somebody else answers for them. */
export function createZone({
  dns,
  hosts,
  certificate,
}: Pick<Settings, "dns" | "hosts" | "certificate">): Zone | undefined {
  const authorities = permittedIssuers(certificate);
  switch (dns.provider) {
    case "none":
      return undefined;
    case "cloudflare":
      return new CloudflareZone({
        settings: dns,
        hosts,
        authorities,
        comment: `${pulumi.getProject()} ${pulumi.getStack()}`,
      });
    case "linode":
      return new LinodeZone({
        settings: dns,
        hosts,
        authorities,
        tag: `${pulumi.getProject()}-${pulumi.getStack()}`,
      });
  }
}
