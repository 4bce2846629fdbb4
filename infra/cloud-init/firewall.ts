import { nftRuleset, type HostFirewall } from "../firewall/nftables.ts";
import { script, scriptPath, type Part } from "./part.ts";

/** The host's own firewall, loaded before the network is up. */
export function firewall(rules: HostFirewall): Part {
  const unit = `[Unit]
Description=Firewall of this host
DefaultDependencies=no
Wants=network-pre.target
Before=network-pre.target shutdown.target
After=local-fs.target nftables.service
Conflicts=shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=${scriptPath("landfall-firewall")} load
ExecReload=${scriptPath("landfall-firewall")} load

[Install]
WantedBy=sysinit.target
`;
  return {
    packages: ["nftables"],
    files: [
      { path: "/etc/landfall/firewall.nft", content: nftRuleset(rules), permissions: "0600" },
      { path: "/etc/systemd/system/landfall-firewall.service", content: unit },
      script("landfall-firewall"),
    ],
    commands: ["systemctl enable --now landfall-firewall.service"],
  };
}
