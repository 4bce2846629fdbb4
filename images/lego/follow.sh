#!/bin/sh
# Sees to it that the certificate that another edge keeps is in place for the proxy of this one, by one rename. When
# that edge does not answer, or what it hands on is of no use, what was in place stays, and the exit code is 1.
#
#   CERTIFICATE_SOURCE  where it is handed on, for example https://10.77.0.11:8444
#   CERTIFICATE_HOSTS   host names that it must be for, separated by spaces
#
# In /run/secrets: authority.crt, which has signed the source's certificate, and client.crt with client.key, by which
# the source knows this edge.
set -eu
: "${CERTIFICATE_SOURCE:?is the address of the edge that keeps the certificate}" "${CERTIFICATE_HOSTS:?names the hosts}"
. /usr/local/lib/certificates/release.sh
hosts=$(printf '%s\n' $CERTIFICATE_HOSTS | sort)
got=$(mktemp -d)
trap 'rm -rf "$got"' EXIT
exec 9>/tmp/follow.lock
flock 9

# fetch NAME: a file of the source, over TLS to it alone.
fetch() {
  curl --silent --show-error --fail --connect-timeout 5 --max-time 20 --tlsv1.3 --proto =https --cacert /run/secrets/authority.crt \
    --cert /run/secrets/client.crt --key /run/secrets/client.key --output "$got/$1" "$CERTIFICATE_SOURCE/$1"
}

fail() {
  write_status "$1"
  echo "$1" >&2
  exit 1
}

fetch certificate.pem 2>"$got/error" ||
  fail "the edge that keeps the certificate did not hand it on at $CERTIFICATE_SOURCE: $(cat "$got/error")"
if is_good "$current/certificate.pem" "$current/key.pem" && cmp -s "$got/certificate.pem" "$current/certificate.pem"; then
  write_status ''
  exit 0
fi
fetch key.pem 2>"$got/error" ||
  fail "the edge that keeps the certificate did not hand its key on at $CERTIFICATE_SOURCE: $(cat "$got/error")"
# A renewal between the two leaves a key that is another's; the next look has both.
is_good "$got/certificate.pem" "$got/key.pem" ||
  fail "what was handed on at $CERTIFICATE_SOURCE is no valid certificate for $(echo $hosts) with its key"
install_release "$got/certificate.pem" "$got/key.pem" "followed"
