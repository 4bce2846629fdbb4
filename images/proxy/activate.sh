#!/bin/sh
# activate.sh RELEASE: makes the configuration in /var/lib/proxy/releases/RELEASE the live one.
# It is tested first, put in place by one rename, and taken up by a reload; a bad one changes nothing.
set -eu
# The watcher must not reload between the rename and the reload.
exec 9>/run/proxy/lock
flock 9
release=/var/lib/proxy/releases/$1
certificate=$(readlink /var/lib/certificates/current || true)
server.sh test "$release"
ln -sfn "$release" /var/lib/proxy/next
mv -T /var/lib/proxy/next /var/lib/proxy/current
ln -sfn /var/lib/proxy/current /run/proxy/live
echo "$certificate" >/run/proxy/certificate
server.sh reload
find /var/lib/proxy/releases -mindepth 1 -maxdepth 1 ! -name "$1" -exec rm -rf {} +
