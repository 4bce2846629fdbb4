import { scriptPath, type Part } from "./part.ts";

/** The one user who logs in; Pulumi itself and the operators do so with keys of their own. */
export const deployUser = "deploy";

/**
 * How sshd is set where its own defaults are not what is wanted. Source: ssh_hardening of dev-sec. Docker over
 * ssh opens many connections at once, so it may. Where sshd is reached from is the firewall's business, and who tries too
 * often is fail2ban's: sshd's own penalties would shut a whole network out for one wrong key.
 */
export const sshdSettings: Readonly<Record<string, string>> = {
  HostKey: "/etc/ssh/ssh_host_ed25519_key",
  PermitRootLogin: "no",
  PasswordAuthentication: "no",
  KbdInteractiveAuthentication: "no",
  AuthenticationMethods: "publickey",
  AllowUsers: deployUser,
  MaxAuthTries: "2",
  LoginGraceTime: "30",
  MaxStartups: "100:30:200",
  MaxSessions: "100",
  PerSourcePenalties: "no",
  AllowAgentForwarding: "no",
  AllowTcpForwarding: "no",
  AllowStreamLocalForwarding: "no",
  X11Forwarding: "no",
  ClientAliveInterval: "30",
  ClientAliveCountMax: "4",
  LogLevel: "VERBOSE",
  DebianBanner: "no",
  PrintMotd: "no",
};

/** Logins: keys only, one user, no passwords anywhere, the vendor's console included. */
export const access: Part = {
  packages: ["openssh-server", "sudo"],
  files: [
    {
      path: "/etc/ssh/sshd_config.d/10-landfall.conf",
      content: Object.entries(sshdSettings)
        .map(([name, value]) => `${name} ${value}\n`)
        .join(""),
      permissions: "0600",
    },
  ],
  commands: ["passwd --quiet --lock root", "sshd -t", "systemctl reload-or-restart ssh.service"],
};

/** The users as cloud-init makes them. */
export function users(authorizedKeys: readonly string[]): readonly unknown[] {
  const programs = ["landfall-data", "landfall-firewall", "landfall-inspect"].map(scriptPath);
  return [
    {
      name: deployUser,
      gecos: "Landfall",
      groups: ["docker", "adm"],
      shell: "/bin/bash",
      lock_passwd: true,
      sudo: [`ALL=(root) NOPASSWD: ${programs.join(", ")}`],
      ssh_authorized_keys: authorizedKeys,
    },
  ];
}
