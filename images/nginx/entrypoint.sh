#!/bin/sh
# Nginx reads /run/proxy/live. That is /var/lib/proxy/current, which only activate.sh moves, or the bootstrap while that
# one cannot be used: none was delivered yet, or the certificate it names is not there.
set -eu
current=/var/lib/proxy/current
[ -e $current ] || ln -sfn /usr/share/proxy/bootstrap $current
readlink /var/lib/certificates/current >/run/proxy/certificate || true
if nginx -t -q -c $current/nginx.conf -e /dev/stderr; then
  ln -sfn $current /run/proxy/live
else
  echo "the delivered configuration cannot be used now; the bootstrap answers until it can" >&2
  ln -sfn /usr/share/proxy/bootstrap /run/proxy/live
fi
# In a shell of its own that ends at once, so that the watcher is not a child of Nginx.
(/usr/local/bin/watch.sh & echo $! >/run/proxy/watch.pid)
exec nginx -c /run/proxy/live/nginx.conf -e /dev/stderr -g "daemon off;"
