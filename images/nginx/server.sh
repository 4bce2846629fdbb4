#!/bin/sh
# What the scripts of a proxy ask of Nginx.
#
#   server.sh test FOLDER   tests FOLDER/site.conf; says why it is bad
#   server.sh reload        takes up what is live; no connection is dropped
#   server.sh reason        what test said, by standard input, in one line
#   server.sh run           serves what is live
set -eu
case $1 in
  test) nginx -t -q -c "$2/site.conf" -e /dev/stderr ;;
  reload) kill -HUP "$(cat /run/proxy/server.pid)" ;;
  reason) sed -n 's/^nginx: \[emerg\] //p' ;;
  run) exec nginx -c /run/proxy/live/site.conf -e /dev/stderr -g "daemon off;" ;;
esac
