import * as pulumi from "@pulumi/pulumi";
import { permittedIssuers } from "../certificates/caa.ts";
import type { Settings } from "../settings/settings.ts";
import { Zone } from "./zone.ts";

/** The zone of the hosts; undefined where somebody else answers for them. */
export function createZone({ dns, hosts, certificate }: Settings): Zone | undefined {
  if (dns.provider === "none") return undefined;
  return new Zone({
    settings: dns,
    hosts,
    authorities: permittedIssuers(certificate),
    comment: `${pulumi.getProject()} ${pulumi.getStack()}`,
  });
}
