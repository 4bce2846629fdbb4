import { expect, test } from "vitest";
import { tellingLines } from "./server-log.ts";

const output = `Get:22 http://deb.debian.org/debian trixie/main amd64 fail2ban all 1.1.0-8 [466 kB]
Setting up fail2ban (1.1.0-8) ...
Created symlink '/etc/systemd/system/multi-user.target.wants/fail2ban.service' → '/usr/lib/systemd/system/fail2ban.service'.
+ sshd -t
+ systemctl enable --now docker.service
Job for docker.service failed because the control process exited with error code.
See "systemctl status docker.service" for details.
Generating public/private ed25519 key pair.
|o.  E: .  |
`;
const log = "2026-11-21 14:49:03,308 - cc_scripts_user.py[WARNING]: Failed to run module scripts-user\n";

test("of a failed script, the last command and what it printed are shown", () => {
  expect(tellingLines(output, log, ["scripts-user"])).toEqual([
    "+ systemctl enable --now docker.service",
    "Job for docker.service failed because the control process exited with error code.",
    'See "systemctl status docker.service" for details.',
    "Generating public/private ed25519 key pair.",
    log.trim(),
  ]);
});

test("of packages, the lines that speak of an error are shown, and none of the installer's progress", () => {
  const packages = "Reading package lists...\nE: Unable to locate package no-such-package\nSetting up error-tool (1)\n";
  expect(tellingLines(packages, "", ["package-update-upgrade-install"])).toEqual([
    "E: Unable to locate package no-such-package",
  ]);
});

test("when no line speaks of an error, the last ones are shown", () => {
  const lines = Array.from({ length: 40 }, (_, index) => `line ${String(index)}`);
  expect(tellingLines(lines.join("\n"), "", [])).toEqual(lines.slice(-12));
});

test("empty logs give nothing", () => {
  expect(tellingLines("", "", ["scripts-user"])).toEqual([]);
});
