import { scriptPath, type Part } from "./part.ts";

/** Settings of the Docker daemon: CIS Docker Benchmark 2.2, 2.7 and 2.13 to 2.16. */
export const dockerSettings = {
  icc: false,
  "live-restore": true,
  "log-driver": "json-file",
  "log-opts": { "max-file": "5", "max-size": "10m" },
  "no-new-privileges": true,
  "userland-proxy": false,
} as const;

/** The engine. It starts once, with these settings, and waits at boot for a data volume that its containers need. */
export const docker: Part = {
  packages: ["docker.io", "docker-cli", "apparmor"],
  files: [
    { path: "/etc/docker/daemon.json", content: `${JSON.stringify(dockerSettings, undefined, 2)}\n` },
    {
      path: "/etc/systemd/system/docker.service.d/landfall.conf",
      content: `[Service]\nExecStartPre=${scriptPath("landfall-data")} hold\n`,
    },
  ],
  commands: ["systemctl enable --now docker.service"],
};
