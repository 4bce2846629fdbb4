#!/bin/sh
# Makes a container look like a machine, then becomes its init.
set -eu
cache=/var/cache/rehearsal

# A machine has plain files here. Docker's resolver, in particular, answers inside this container only, and not in the
# containers that the server itself runs.
umount /etc/resolv.conf /etc/hosts /etc/hostname
printf 'nameserver %s\noptions timeout:2 attempts:3\n' "$REHEARSAL_RESOLVER" > /etc/resolv.conf
if [ ! -s /etc/hostname ]; then
  hostname > /etc/hostname
  printf '127.0.0.1\tlocalhost\n127.0.1.1\t%s\n::1\tlocalhost ip6-localhost ip6-loopback\n' "$(hostname)" > /etc/hosts
fi

# User-data may be anything, so it comes in base64, as the vendor takes it.
seed=/var/lib/cloud/seed/nocloud
if [ -e "$seed/user-data.base64" ]; then
  base64 -d "$seed/user-data.base64" > "$seed/user-data"
  rm "$seed/user-data.base64"
fi

# The rehearsal's own roots have been put among the local certificates.
if [ -n "$(ls /usr/local/share/ca-certificates)" ]; then
  update-ca-certificates > /dev/null
fi

# Links cost nothing, and apt checks sizes and hashes as if it had fetched the files itself.
mkdir -p /var/cache/apt/archives/partial /var/lib/apt/lists/partial
find "$cache" -maxdepth 1 -name '*.deb' -exec ln -sft /var/cache/apt/archives {} +
if [ -d "$cache/lists" ] && [ ! -e /var/lib/apt/lists/lock ]; then
  cp -p "$cache"/lists/* /var/lib/apt/lists/ 2> /dev/null || true
fi

# With version 1 of control groups all containers of the machine share one tree. Those that the server runs get their
# place below the server's own, so that they count as its and go when it goes.
group=$(sed -n 's/^[0-9]*:name=systemd:\(.*\)$/\1/p' /proc/1/cgroup)
if [ -n "$group" ]; then
  mkdir -p /etc/rehearsal
  printf 'DOCKER_OPTS=--cgroup-parent=%s/containers\n' "$group" > /etc/rehearsal/docker.env
fi

# A machine's own network settings can be changed; these are this container's alone. The engine needs to when it passes
# ports on without a program of its own (userland-proxy).
mount --bind /proc/sys/net /proc/sys/net
mount -o remount,bind,rw /proc/sys/net

exec /sbin/init
