import { gzipSync } from "node:zlib";
import { stringify } from "yaml";
import type { HostFirewall } from "../firewall/nftables.ts";
import { access, users } from "./access.ts";
import { dataVolume } from "./data-volume.ts";
import { docker } from "./docker.ts";
import { firewall } from "./firewall.ts";
import { intrusionDetection } from "./intrusion-detection.ts";
import { kernel } from "./kernel.ts";
import { script, type Part } from "./part.ts";
import { upkeep } from "./upkeep.ts";

/** What differs from one server to another. */
export interface CloudInitArgs {
  readonly hostName: string;
  /** Public keys that may log in as `deploy`, the program's own among them. */
  readonly authorizedKeys: readonly string[];
  readonly firewall: HostFirewall;
  /** Label of the data volume at Linode; absent for a server without one. */
  readonly dataVolume?: string;
}

/** Linode's limit for user data, in bytes before they are encoded: https://techdocs.akamai.com/cloud-computing/docs/metadata-service-api */
const mostBytes = 16 * 1024;

/**
 * Renders the user data that makes a Debian 13 server, for cloud-init 25. The same arguments give the same text. Packages
 * come in one transaction, without what they merely recommend; security updates follow within a day.
 *
 * @throws when a name or key is none, or when the text is longer than Linode takes
 */
export function renderCloudInit(args: CloudInitArgs): string {
  check(args);
  const parts: readonly Part[] = [
    access,
    kernel,
    upkeep,
    firewall(args.firewall),
    intrusionDetection,
    docker,
    dataVolume(args.dataVolume),
    { files: [script("landfall-inspect")] },
  ];
  const text = `#cloud-config\n${stringify(
    {
      hostname: args.hostName,
      manage_etc_hosts: "localhost",
      timezone: "Etc/UTC",
      locale: false,
      disable_root: true,
      ssh_pwauth: false,
      ssh_deletekeys: true,
      ssh_genkeytypes: ["ed25519"],
      ssh: { emit_keys_to_console: false },
      no_ssh_fingerprints: true,
      users: users(args.authorizedKeys),
      write_files: parts.flatMap(({ files = [] }) => files),
      apt: { preserve_sources_list: true, conf: 'APT::Install-Recommends "false";\n' },
      package_update: true,
      packages: parts.flatMap(({ packages = [] }) => packages),
      // One script: cloud-init looks at its exit code only, so it has to end at the first command that fails.
      runcmd: ["set -eux", "systemctl daemon-reload", ...parts.flatMap(({ commands = [] }) => commands)],
    },
    { lineWidth: 0, indentSeq: false },
  )}`;
  const bytes = gzipSync(text).length;
  if (bytes > mostBytes) {
    throw new Error(
      `The user data of server "${args.hostName}" has ${String(bytes)} bytes, compressed, but Linode takes ${String(mostBytes)} at most; ` +
        "name fewer keys or larger networks.",
    );
  }
  return text;
}

/**
 * User data as a vendor takes it: compressed, which cloud-init sees by itself, in base64.
 * https://cloudinit.readthedocs.io/en/latest/explanation/format.html#user-data-formats
 */
export function encodeUserData(text: string): string {
  return gzipSync(text).toString("base64");
}

function check({ hostName, authorizedKeys, dataVolume: label }: CloudInitArgs): void {
  if (!/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(hostName)) {
    throw new Error(`"${hostName}" is no host name: lower-case letters, digits and hyphens, starting with a letter.`);
  }
  if (authorizedKeys.length === 0) {
    throw new Error(`Nobody could log in to server "${hostName}": no public key was given.`);
  }
  const wrong = authorizedKeys.find((key) => !/^[a-z0-9@.-]+ [A-Za-z0-9+/]+=*( [^\n]*)?$/.test(key));
  if (wrong !== undefined) throw new Error(`"${wrong}" is no public key such as "ssh-ed25519 AAAA… name".`);
  if (label !== undefined && !/^[A-Za-z0-9_-]{1,32}$/.test(label)) {
    throw new Error(`"${label}" is no label of a volume: 1 to 32 letters, digits, hyphens and underscores.`);
  }
}
