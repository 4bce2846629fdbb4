#!/bin/sh
# Sees to it that a certificate for exactly the wanted hosts is in place for the proxy. Does nothing while there is one
# with time left; otherwise asks the issuer for one and puts it in place by one rename. When that fails, what was in
# place stays, and the exit code is 1.
#
#   ACME_DIRECTORY     the issuer's directory URL
#   ACME_EMAIL         contact of the account
#   ACME_HOSTS         host names, separated by spaces
#   ACME_CHALLENGE     dns-01 or http-01
#   ACME_DNS_PROVIDER  for dns-01: cloudflare or linode; its token in the file DNS_TOKEN_FILE
#   ACME_KEY_TYPE      as lego names it, for example ec256
#   RENEW_BEFORE_DAYS  a certificate with no more days left is renewed
set -eu
: "${ACME_DIRECTORY:?is the URL of the directory}" "${ACME_EMAIL:?is the contact}" "${ACME_HOSTS:?names the hosts}"
: "${ACME_CHALLENGE:?is dns-01 or http-01}" "${ACME_KEY_TYPE:?is a key type}" "${RENEW_BEFORE_DAYS:?is a number of days}"
. /usr/local/lib/certificates/release.sh
data=/var/lib/lego
renew_before=$((RENEW_BEFORE_DAYS * 86400))
hosts=$(printf '%s\n' $ACME_HOSTS | sort)
first=${ACME_HOSTS%% *}
request="$ACME_DIRECTORY $ACME_KEY_TYPE $(echo $hosts)"

# The update's attempt and the container's own never run at once; who comes second finds the work done.
exec 9>"$data/lock"
flock 9

# fits CERTIFICATE KEY REQUEST: whether it is good, and what is asked for now.
fits() {
  is_good "$1" "$2" && [ "$(cat "$3" 2>/dev/null)" = "$request $(attribute "$1" serial)" ]
}

# lasts CERTIFICATE: whether there is more time left than it takes to be renewed.
lasts() { openssl x509 -noout -checkend "$renew_before" -in "$1" >/dev/null; }

issued=$data/certificates/$first
if ! fits "$current/certificate.pem" "$current/key.pem" "$current/request" &&
  fits "$issued.crt" "$issued.key" "$data/request"; then
  echo "a certificate that was issued before is put in place again"
  install_release "$issued.crt" "$issued.key" "$request"
fi
if fits "$current/certificate.pem" "$current/key.pem" "$current/request" && lasts "$current/certificate.pem"; then
  write_status ''
  echo "nothing to do: $(echo $hosts), serial $(attribute "$current/certificate.pem" serial), until $(attribute "$current/certificate.pem" enddate)"
  exit 0
fi

set -- --path "$data" --server "$ACME_DIRECTORY" --email "$ACME_EMAIL" --accept-tos --key-type "$ACME_KEY_TYPE"
for host in $ACME_HOSTS; do set -- "$@" --domains "$host"; done
case $ACME_CHALLENGE in
  dns-01)
    case ${ACME_DNS_PROVIDER:?is cloudflare or linode} in
      cloudflare) propagation=180 ;;
      # Linode's name servers take a record up from its API after minutes.
      linode) propagation=600 ;;
      *) echo "ACME_DNS_PROVIDER is '$ACME_DNS_PROVIDER'; it must be cloudflare or linode" >&2; exit 2 ;;
    esac
    export EXEC_PATH="/usr/local/bin/$ACME_DNS_PROVIDER.sh" EXEC_PROPAGATION_TIMEOUT=$propagation
    # lego would wait a minute between two hosts.
    export EXEC_POLLING_INTERVAL=2 EXEC_SEQUENCE_INTERVAL=0
    set -- "$@" --dns exec
    ;;
  http-01)
    mkdir -p "$folder/challenges"
    set -- "$@" --http --http.webroot "$folder/challenges"
    ;;
  *) echo "ACME_CHALLENGE is '$ACME_CHALLENGE'; it must be dns-01 or http-01" >&2; exit 2 ;;
esac
echo "asking $ACME_DIRECTORY for $(echo $hosts) by $ACME_CHALLENGE"
log=$(mktemp)
trap 'rm -f "$log" "$log.failed"' EXIT
# `run` for a renewal too: `renew` would keep hosts that are no longer wanted.
order() {
  rm -f "$log.failed"
  { lego "$@" run 2>&1 || echo failed >"$log.failed"; } | sed -u 's|^[0-9/]* [0-9:]* ||' | tee "$log"
}
order "$@"
if [ -e "$log.failed" ] && grep -q :accountDoesNotExist "$log"; then
  echo "the issuer does not know the account any more: it is registered again"
  find "$data/accounts" -name account.json -path "*/$ACME_EMAIL/*" -delete
  order "$@"
fi
if [ -e "$log.failed" ]; then
  write_status "$(tail -n 10 "$log")"
  exit 1
fi
if [ "$(hosts_of "$issued.crt")" != "$hosts" ]; then
  write_status "the issuer gave a certificate for other hosts: $(hosts_of "$issued.crt" | tr '\n' ' ')"
  echo "the issuer gave a certificate for other hosts: $(hosts_of "$issued.crt" | tr '\n' ' ')" >&2
  exit 1
fi
echo "$request $(attribute "$issued.crt" serial)" >"$data/request"
if ! lasts "$issued.crt"; then
  echo "its whole life is shorter than the $RENEW_BEFORE_DAYS days before which it is renewed: every look renews it"
fi
install_release "$issued.crt" "$issued.key" "$request"
