#!/bin/sh
# Gives a command to the process that has the connections.
set -eu
echo "$1" | socat -t 5 - UNIX-CONNECT:/run/haproxy.sock
