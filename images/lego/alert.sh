#!/bin/sh
# Tells people when the last attempt to see to the certificate failed, or when the one in place has too few days left:
# once a day at most, and once more when all is well again. Does nothing where nobody is to be told.
#
#   ALERT_WEBHOOK_FILE  file with the address that takes JSON with a `text`
#   ALERT_DAYS          a certificate with fewer days left is told of
#   ALERT_SOURCE        whose certificate it is
#   CERTIFICATES_ROLE   who follows is patient: the edge that keeps the certificate may be away for a day
set -eu
[ -s "${ALERT_WEBHOOK_FILE:-/nowhere}" ] || exit 0
: "${ALERT_DAYS:?is a number of days}" "${ALERT_SOURCE:?says whose certificate it is}"
. /usr/local/lib/certificates/release.sh
told=$folder/told
day=86400

# send TEXT: posts it, without the secrets that a program's own words could hold. The address goes by standard input,
# where no other process sees it.
send() {
  message=$(mktemp)
  set -- "$1" # the text, and then every secret
  count=0
  for file in /run/secrets/*; do
    [ -f "$file" ] || continue
    count=$((count + 1))
    set -- "$@" --rawfile "secret$count" "$file"
  done
  text=$1
  shift
  jq -n "$@" --arg text "$text" '
    $ARGS.named | del(.text) | [.[] | rtrimstr("\n") | select(length > 7)] as $secrets
    | { text: (reduce $secrets[] as $secret ($text; split($secret) | join("[secret]"))) }' >"$message"
  printf 'url = "%s"\n' "$(cat "$ALERT_WEBHOOK_FILE")" | curl --config - --silent --show-error --fail --connect-timeout 10 --max-time 20 \
    --proto =https --header 'Content-Type: application/json' --data "@$message" --output /dev/null ||
    { rm -f "$message"; return 1; }
  rm -f "$message"
}

patience=0
if [ "${CERTIFICATES_ROLE:-keep}" = follow ]; then patience=$day; fi
now=$(date +%s)
# A time in the future was written by a clock that was wrong.
problem=$(jq -r --argjson now "$now" --argjson patience "$patience" '
  (.lastSuccess // "1970-01-01T00:00:00Z" | fromdate) as $success
  | select($success <= $now - $patience or $success > $now) | .lastError.message // empty' \
  "$folder/status.json" 2>/dev/null | grep -v '^\[INFO\]\|^Saved key\|^No key found' | tail -n 3 | cut -c1-400) || true
what="no certificate"
if [ -s "$current/certificate.pem" ]; then
  until=$(attribute "$current/certificate.pem" enddate)
  what="the certificate for $(echo $(hosts_of "$current/certificate.pem")), valid until $until"
  if [ -z "$problem" ] && ! openssl x509 -noout -checkend $((ALERT_DAYS * day)) -in "$current/certificate.pem" >/dev/null; then
    problem="it has fewer than $ALERT_DAYS days left and has not been renewed"
  fi
elif [ -z "$problem" ]; then
  exit 0 # The first one is being asked for.
fi

if [ -n "$problem" ]; then
  last=$(cat "$told" 2>/dev/null || echo 0)
  if [ "$last" -le "$now" ] && [ $((now - last)) -lt $day ]; then exit 0; fi
  send "$ALERT_SOURCE: $what, needs somebody. $problem"
  echo "$now" >"$told"
elif [ -e "$told" ]; then
  send "$ALERT_SOURCE: $what, is well again."
  rm -f "$told"
fi
