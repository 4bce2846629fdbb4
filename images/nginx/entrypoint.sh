#!/bin/sh
# The link is made once; from then on only activate.sh moves it.
set -eu
[ -e /var/lib/proxy/current ] || ln -sfn /usr/share/proxy/bootstrap /var/lib/proxy/current
exec nginx -c /var/lib/proxy/current/nginx.conf -e /dev/stderr -g "daemon off;"
