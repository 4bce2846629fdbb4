import type { Part } from "./part.ts";

// No network is exempt: sshd is reached from named networks only, so it is these that are watched.
const jail = `[DEFAULT]
banaction = nftables
banaction_allports = nftables[type=allports]
backend = systemd

[sshd]
enabled = true
maxretry = 10
findtime = 10m
bantime = 10m
`;

/** fail2ban: an address whose logins keep failing is shut out for a while. */
export const intrusionDetection: Part = {
  packages: ["fail2ban", "python3-systemd"],
  files: [{ path: "/etc/fail2ban/jail.d/landfall.local", content: jail }],
  commands: ["systemctl enable --now fail2ban.service"],
};
