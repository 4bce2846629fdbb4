import { script, scriptPath, type Part } from "./part.ts";

/** Where a server has its data volume. */
export const dataFolder = "/srv/data";

/**
 * The data volume, mounted whenever its device appears: a volume is attached after the server has been made, and moves
 * from one server to the next.
 *
 * @param label of the volume at Linode; absent for a server without one
 */
export function dataVolume(label: string | undefined): Part {
  if (label === undefined) return { files: [script("landfall-data")] };
  const path = `[Unit]
Description=Waits for the data volume

[Path]
PathExists=/dev/disk/by-id/scsi-0Linode_Volume_${label}

[Install]
WantedBy=multi-user.target
`;
  const service = `[Unit]
Description=Mounts the data volume

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=${scriptPath("landfall-data")} mount
`;
  return {
    packages: ["e2fsprogs"],
    files: [
      { path: "/etc/landfall/data-volume", content: `${label}\n` },
      { path: "/etc/systemd/system/landfall-data.path", content: path },
      { path: "/etc/systemd/system/landfall-data.service", content: service },
      script("landfall-data"),
    ],
    commands: ["systemctl enable --now landfall-data.path"],
  };
}
