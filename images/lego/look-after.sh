#!/bin/sh
# look-after.sh PROGRAM SECONDS: has a program see to the certificate every so many seconds, for as long as the container
# runs, a tenth more or less at random, so that many servers do not ask at once. An attempt that fails changes nothing
# and is made again after one hour, then two, four, and so on; never later than the ordinary interval.
set -u
program=$1
interval=$2
# The first certificate is asked for by the update that starts this container.
delay=300
failures=0

at_most() {
  if [ "$1" -gt "$2" ]; then echo "$2"; else echo "$1"; fi
}

# A tenth more or less of so many seconds.
jittered() {
  random=$(od -An -N2 -tu2 /dev/urandom)
  echo $(($1 * 9 / 10 + $1 * random / 5 / 65536))
}

trap 'exit 0' TERM INT
delay=$(at_most $delay "$interval")
while :; do
  sleep "$(jittered "$delay")" &
  wait $!
  # A run without an answer must not keep the next one waiting.
  if timeout --kill-after=5 1800 "$program"; then
    failures=0
    delay=$interval
  else
    delay=$(at_most $((3600 << failures)) "$interval")
    if [ "$failures" -lt 8 ]; then failures=$((failures + 1)); fi
    echo "the certificate in place stays; the next attempt is in about $delay s"
  fi
  /usr/local/bin/alert.sh || echo "the alert was not sent; it is tried again at the next look"
done
