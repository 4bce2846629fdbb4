#!/bin/sh
# What this container is for, by CERTIFICATES_ROLE:
#   keep     gets the certificate from its issuer, and renews it (the default)
#   hand-on  hands the kept certificate to the other edges
#   follow   keeps this edge's copy of it current
set -eu
case ${CERTIFICATES_ROLE:=keep} in
  keep) exec /usr/local/bin/look-after.sh /usr/local/bin/issue.sh "${RENEW_INTERVAL_SECONDS:-43200}" ;;
  follow) exec /usr/local/bin/look-after.sh /usr/local/bin/follow.sh "${FOLLOW_INTERVAL_SECONDS:-60}" ;;
  hand-on) exec nginx -c /usr/share/certificates/hand-on.conf -e /dev/stderr -g "daemon off;" ;;
  *) echo "CERTIFICATES_ROLE is '$CERTIFICATES_ROLE'; it must be keep, hand-on or follow" >&2; exit 2 ;;
esac
