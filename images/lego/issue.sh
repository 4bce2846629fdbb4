#!/bin/sh
# Sees to it that a certificate for exactly the wanted hosts is in place for the proxy. Does nothing while there is one
# with time left; otherwise asks the issuer for one and puts it in place by one rename. When that fails, what was in
# place stays, and the exit code is 1.
#
#   ACME_DIRECTORY     the issuer's directory URL
#   ACME_EMAIL         contact of the account
#   ACME_HOSTS         host names, separated by spaces
#   ACME_CHALLENGE     dns-01 (Cloudflare; token in CF_DNS_API_TOKEN_FILE) or http-01
#   ACME_KEY_TYPE      as lego names it, for example ec256
#   RENEW_BEFORE_DAYS  a certificate with no more days left is renewed
#
# In /var/lib/certificates: current -> releases/HASH with certificate.pem (with its chain), key.pem and request (what it
# was asked for); challenges/ for http-01; status.json for monitoring.
set -eu
: "${ACME_DIRECTORY:?is the URL of the directory}" "${ACME_EMAIL:?is the contact}" "${ACME_HOSTS:?names the hosts}"
: "${ACME_CHALLENGE:?is dns-01 or http-01}" "${ACME_KEY_TYPE:?is a key type}" "${RENEW_BEFORE_DAYS:?is a number of days}"
umask 077
data=/var/lib/lego
folder=/var/lib/certificates
renew_before=$((RENEW_BEFORE_DAYS * 86400))
hosts=$(printf '%s\n' $ACME_HOSTS | sort)
first=${ACME_HOSTS%% *}
request="$ACME_DIRECTORY $ACME_KEY_TYPE $(echo $hosts)"
# The server's own trust, where it is given.
if [ -s /run/trust/ca-certificates.crt ]; then export SSL_CERT_FILE=/run/trust/ca-certificates.crt; fi

# The update's attempt and the container's own never run at once; who comes second finds the work done.
exec 9>"$data/lock"
flock 9

attribute() { openssl x509 -noout "-$2" -in "$1" | cut -d= -f2-; }
hosts_of() { openssl x509 -noout -ext subjectAltName -in "$1" | tr ',' '\n' | sed -n 's/^ *DNS://p' | sort; }
public_key_of() { openssl pkey -pubout -in "$1"; }

# fits CERTIFICATE KEY REQUEST: whether it is what is asked for, still valid, and the key is its own.
fits() {
  [ -s "$1" ] && [ -s "$2" ] && [ "$(cat "$3" 2>/dev/null)" = "$request $(attribute "$1" serial)" ] \
    && openssl x509 -noout -checkend 0 -in "$1" >/dev/null \
    && [ "$(hosts_of "$1")" = "$hosts" ] \
    && [ "$(openssl x509 -noout -pubkey -in "$1")" = "$(public_key_of "$2")" ]
}

# lasts CERTIFICATE: whether there is more time left than it takes to be renewed.
lasts() { openssl x509 -noout -checkend "$renew_before" -in "$1" >/dev/null; }

# write_status ERROR: what a monitor wants to know; an empty error is a success.
write_status() {
  not_after='' serial=''
  if [ -s "$folder/current/certificate.pem" ]; then
    not_after=$(openssl x509 -noout -enddate -dateopt iso_8601 -in "$folder/current/certificate.pem" | cut -d= -f2 | tr ' ' T)
    serial=$(attribute "$folder/current/certificate.pem" serial)
  fi
  before=$(jq -c . "$folder/status.json" 2>/dev/null) || before='{}'
  jq -n --argjson before "$before" --arg now "$(date -u +%Y-%m-%dT%H:%M:%SZ)" --arg error "$1" \
    --arg notAfter "$not_after" --arg serial "$serial" --arg hosts "$(echo $hosts)" '
    { hosts: ($hosts | split(" ")), notAfter: $notAfter, serial: $serial,
      lastSuccess: (if $error == "" then $now else $before.lastSuccess end),
      lastError: (if $error == "" then null else { at: $now, message: $error } end) }' >"$folder/status.json.new"
  chmod 0444 "$folder/status.json.new"
  mv "$folder/status.json.new" "$folder/status.json"
}

# install_release CERTIFICATE KEY: makes them the current ones by one rename; the ones before stay until the next time.
install_release() {
  hash=$(openssl x509 -noout -fingerprint -sha256 -in "$1" | cut -d= -f2 | tr -d : | cut -c1-16 | tr A-F a-f)
  before=$(readlink "$folder/current" 2>/dev/null || echo none)
  mkdir -p "$folder/releases/$hash"
  cp "$1" "$folder/releases/$hash/certificate.pem"
  cp "$2" "$folder/releases/$hash/key.pem"
  echo "$request $(attribute "$1" serial)" >"$folder/releases/$hash/request"
  sync "$folder/releases/$hash"/*
  ln -sfn "releases/$hash" "$folder/next"
  mv -T "$folder/next" "$folder/current"
  find "$folder/releases" -mindepth 1 -maxdepth 1 ! -name "$hash" ! -name "${before#releases/}" -exec rm -rf {} +
  write_status ''
  echo "in place: $(echo $hosts), serial $(attribute "$1" serial), until $(attribute "$1" enddate)"
}

current=$folder/current
issued=$data/certificates/$first
if ! fits "$current/certificate.pem" "$current/key.pem" "$current/request" &&
  fits "$issued.crt" "$issued.key" "$data/request"; then
  echo "a certificate that was issued before is put in place again"
  install_release "$issued.crt" "$issued.key"
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
    export EXEC_PATH=/usr/local/bin/cloudflare.sh EXEC_PROPAGATION_TIMEOUT=180 EXEC_POLLING_INTERVAL=2
    # lego would wait a minute between two hosts.
    export EXEC_SEQUENCE_INTERVAL=0
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
install_release "$issued.crt" "$issued.key"
