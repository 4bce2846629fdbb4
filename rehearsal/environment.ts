import { existsSync } from "node:fs";
import { rootsFile, type Cloud } from "./cloud/cloud.ts";
import { folderVariable } from "./cloud/open.ts";
import { addressOf, places } from "./cloud/cloud.ts";

/**
 * The environment of a process that works on a cloud: the cloud's tokens and trust roots, and nothing by which a real
 * account, or the state of a real stack, could be reached.
 */
export function rehearsalEnvironment(cloud: Cloud, own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(own).filter(([name]) => !isReal(name));
  const roots = rootsFile(cloud);
  return {
    ...Object.fromEntries(kept),
    [folderVariable]: cloud.folder,
    LINODE_TOKEN: cloud.tokens.linode,
    CLOUDFLARE_API_TOKEN: cloud.tokens.cloudflare,
    LANDFALL_RESOLVER: addressOf(cloud, places.resolver),
    ...(existsSync(roots) ? { NODE_EXTRA_CA_CERTS: roots } : {}),
  };
}

/** Variables that name accounts, places of state, or keys to them. */
function isReal(name: string): boolean {
  return (
    /^(LINODE|CLOUDFLARE|CF|AWS|AZURE|GOOGLE|GCP|ARM)_/.test(name) ||
    /^PULUMI_(BACKEND_URL|ACCESS_TOKEN|API|CONFIG|CONFIG_PASSPHRASE|CONFIG_PASSPHRASE_FILE|STACK|HOME)$/.test(name) ||
    name === "SSH_AUTH_SOCK"
  );
}
