#!/bin/sh
# The server reads /run/proxy/live. That is /var/lib/proxy/current, which only activate.sh moves, or the bootstrap while
# that one cannot be used: none was delivered yet, or the certificate it names is not there.
set -eu
current=/var/lib/proxy/current
[ -e $current ] || ln -sfn /usr/share/proxy/bootstrap $current
readlink /var/lib/certificates/current >/run/proxy/certificate || true
if server.sh test $current; then
  ln -sfn $current /run/proxy/live
else
  echo "the delivered configuration cannot be used now; the bootstrap answers until it can" >&2
  ln -sfn /usr/share/proxy/bootstrap /run/proxy/live
fi
# In a shell of its own that ends at once, so that the watcher is not a child of the server.
(watch.sh & echo $! >/run/proxy/watch.pid)
exec server.sh run
