#!/bin/sh
# activate.sh RELEASE: makes the configuration in /var/lib/proxy/releases/RELEASE the live one.
# It is tested first, put in place by one rename, and taken up by a reload; a bad one changes nothing.
set -eu
release=/var/lib/proxy/releases/$1
nginx -t -q -c "$release/nginx.conf" -e /dev/stderr
ln -sfn "$release" /var/lib/proxy/next
mv -T /var/lib/proxy/next /var/lib/proxy/current
kill -HUP "$(cat /run/proxy/nginx.pid)"
find /var/lib/proxy/releases -mindepth 1 -maxdepth 1 ! -name "$1" -exec rm -rf {} +
