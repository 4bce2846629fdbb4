#!/bin/sh
# Has the server take up a certificate that was renewed, and a configuration that could not be used when it started. What
# the server would refuse is not taken up: the old certificate goes on being shown, and the reason stands in the log, once.
set -u
refused=''

# Tests what would be live, and has the server reload it. Runs with the lock.
take_up() {
  if message=$(server.sh test /var/lib/proxy/current 2>&1); then
    ln -sfn /var/lib/proxy/current /run/proxy/live
    server.sh reload && echo "$1" >/run/proxy/certificate
    echo "reloaded, with the certificate in ${1:-the configuration}" >&2
    refused=''
  elif reason=$(echo "$message" | server.sh reason) && [ "$1 $reason" != "$refused" ]; then
    refused="$1 $reason"
    echo "not reloaded, with the certificate in ${1:-the configuration}: $reason" >&2
  fi
}

while sleep 2; do
  certificate=$(readlink /var/lib/certificates/current)
  if [ "$certificate" = "$(cat /run/proxy/certificate)" ] && [ "$(readlink /run/proxy/live)" = /var/lib/proxy/current ]; then
    continue
  fi
  # A bootstrap that nothing was delivered after has no use for a certificate.
  [ "$(readlink /var/lib/proxy/current)" != /usr/share/proxy/bootstrap ] || continue
  exec 9>/run/proxy/lock
  flock 9
  take_up "$certificate"
  exec 9>&-
done
