# What issue.sh and follow.sh share: how a certificate is looked at, and put in place for the proxy.
#
# In /var/lib/certificates: current -> releases/HASH with certificate.pem (with its chain), key.pem and request (what it
# was asked for); challenges/ for http-01; status.json for monitoring.
umask 077
folder=/var/lib/certificates
current=$folder/current
# The server's own trust, where it is given.
if [ -s /run/trust/ca-certificates.crt ]; then export SSL_CERT_FILE=/run/trust/ca-certificates.crt; fi

attribute() { openssl x509 -noout "-$2" -in "$1" | cut -d= -f2-; }
hosts_of() { openssl x509 -noout -ext subjectAltName -in "$1" | tr ',' '\n' | sed -n 's/^ *DNS://p' | sort; }
public_key_of() { openssl pkey -pubout -in "$1"; }

# is_good CERTIFICATE KEY: whether it is for exactly the wanted hosts, still valid, and the key is its own.
is_good() {
  [ -s "$1" ] && [ -s "$2" ] && openssl x509 -noout -checkend 0 -in "$1" >/dev/null \
    && [ "$(hosts_of "$1")" = "$hosts" ] \
    && [ "$(openssl x509 -noout -pubkey -in "$1")" = "$(public_key_of "$2")" ]
}

# write_status ERROR: what a monitor wants to know; an empty error is a success.
write_status() {
  not_after='' serial=''
  if [ -s "$current/certificate.pem" ]; then
    not_after=$(openssl x509 -noout -enddate -dateopt iso_8601 -in "$current/certificate.pem" | cut -d= -f2 | tr ' ' T)
    serial=$(attribute "$current/certificate.pem" serial)
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

# install_release CERTIFICATE KEY REQUEST: makes them the current ones by one rename; the ones before stay until the next
# time.
install_release() {
  hash=$(openssl x509 -noout -fingerprint -sha256 -in "$1" | cut -d= -f2 | tr -d : | cut -c1-16 | tr A-F a-f)
  before=$(readlink "$current" 2>/dev/null || echo none)
  mkdir -p "$folder/releases/$hash"
  cp "$1" "$folder/releases/$hash/certificate.pem"
  cp "$2" "$folder/releases/$hash/key.pem"
  echo "$3 $(attribute "$1" serial)" >"$folder/releases/$hash/request"
  sync "$folder/releases/$hash"/*
  ln -sfn "releases/$hash" "$folder/next"
  mv -T "$folder/next" "$current"
  find "$folder/releases" -mindepth 1 -maxdepth 1 ! -name "$hash" ! -name "${before#releases/}" -exec rm -rf {} +
  write_status ''
  echo "in place: $(echo $hosts), serial $(attribute "$1" serial), until $(attribute "$1" enddate)"
}
