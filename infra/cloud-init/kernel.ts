import type { Part } from "./part.ts";

// Docker switches forwarding on itself, and closes the FORWARD chain only if it was the one to do so.
const settings = `net.ipv4.conf.all.accept_redirects = 0
net.ipv4.conf.all.accept_source_route = 0
net.ipv4.conf.all.secure_redirects = 0
net.ipv4.conf.all.send_redirects = 0
net.ipv4.conf.default.send_redirects = 0
net.ipv4.conf.all.rp_filter = 1
net.ipv4.conf.*.rp_filter = 1
net.ipv4.icmp_echo_ignore_broadcasts = 1
net.ipv4.tcp_syncookies = 1
net.ipv6.conf.all.accept_redirects = 0
net.ipv6.conf.all.accept_source_route = 0
net.core.somaxconn = 4096
vm.swappiness = 10
vm.overcommit_memory = 1
vm.max_map_count = 1048576
kernel.dmesg_restrict = 1
kernel.kptr_restrict = 2
kernel.panic = 10
-kernel.unprivileged_bpf_disabled = 1
-kernel.yama.ptrace_scope = 1
`;

/**
 * Kernel settings: nobody is believed about routes; Redis may fork (vm.overcommit_memory);
 * Elasticsearch may map its files (vm.max_map_count); the swap disk that Linode
 * makes is for emergencies; a kernel that panics starts again. Where /proc/sys cannot be written, systemd leaves them out.
 */
export const kernel: Part = {
  files: [{ path: "/etc/sysctl.d/60-landfall.conf", content: settings }],
  commands: ["systemctl restart systemd-sysctl.service"],
};
