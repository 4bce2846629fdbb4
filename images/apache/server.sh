#!/bin/sh
# What the scripts of a proxy ask of Apache.
#
#   server.sh test FOLDER   tests FOLDER/site.conf; says why it is bad
#   server.sh reload        takes up what is live; no connection is dropped
#   server.sh reason        what test said, by standard input, in one line
#   server.sh run           serves what is live
set -eu

# Apache's own test reads the file and nothing else. A key that is not the certificate's would end the server at its
# reload, so another one is started with the file, on ports of its own, until it serves.
try() {
  trial=/run/proxy/trial
  rm -rf $trial
  mkdir $trial
  apache2 -D FOREGROUND -D TRIAL -d "$1" -f "$1/site.conf" &
  while kill -0 $! 2>/dev/null && [ ! -s $trial/server.pid ]; do sleep 0.02; done
  [ -s $trial/server.pid ] || wait $!
  kill -TERM $!
  wait $! || true
}

case $1 in
  test)
    message=$(apache2 -t -d "$2" -f "$2/site.conf" 2>&1) || { echo "$message" >&2; exit 1; }
    try "$2"
    ;;
  reload) kill -USR1 "$(cat /run/proxy/server.pid)" ;;
  reason) grep -o -m 1 'AH[0-9]*: .*' ;;
  run) exec apache2 -D FOREGROUND -d /run/proxy/live -f /run/proxy/live/site.conf ;;
esac
