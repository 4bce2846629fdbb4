#!/bin/sh
# Takes up a changed configuration: tested first, with what is known of the nodes, and waiting until it holds.
set -eu
haproxy -c -q -f /etc/balancer/haproxy.cfg
/usr/local/lib/rehearsal/command.sh "show servers state" > /run/haproxy.state
answer=$(echo reload | socat -t 15 - UNIX-CONNECT:/run/haproxy-master.sock)
case "$answer" in
  Success=1*) ;;
  *) echo "$answer" >&2; exit 1 ;;
esac
