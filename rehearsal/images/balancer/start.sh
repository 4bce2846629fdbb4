#!/bin/sh
# Takes the address from which the nodes are asked, on the card that leads to them, then becomes HAProxy.
set -eu
card=$(ip -o -4 address show to "$REHEARSAL_PRIVATE" | awk '{ print $2 }')
ip address replace "$REHEARSAL_SOURCE/32" dev "$card"
: > /run/haproxy.state
exec haproxy -W -S /run/haproxy-master.sock -f /etc/balancer/haproxy.cfg
