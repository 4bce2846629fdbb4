import type { Part } from "./part.ts";

const upgrades = `APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
APT::Periodic::AutocleanInterval "7";
#clear Unattended-Upgrade::Origins-Pattern;
Unattended-Upgrade::Origins-Pattern { "origin=Debian,codename=\${distro_codename}-security,label=Debian-Security"; };
Unattended-Upgrade::Remove-Unused-Kernel-Packages "true";
Unattended-Upgrade::Automatic-Reboot "false";
`;

const journal = `[Journal]
Storage=persistent
SystemMaxUse=500M
RuntimeMaxUse=64M
MaxRetentionSec=1month
`;

/**
 * Upkeep without anybody: security updates every day, the right time, logs that end. A kernel's update waits for a
 * restart at an hour that people choose: one server alone would be down meanwhile.
 */
export const upkeep: Part = {
  packages: ["unattended-upgrades", "systemd-timesyncd", "logrotate", "curl", "ca-certificates"],
  files: [
    { path: "/etc/apt/apt.conf.d/52landfall", content: upgrades },
    { path: "/etc/systemd/journald.conf.d/landfall.conf", content: journal },
  ],
  commands: ["systemctl restart systemd-journald.service"],
};
