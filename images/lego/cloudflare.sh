#!/bin/sh
# cloudflare.sh present|cleanup FQDN VALUE: puts a TXT record into its zone, or takes it out again. lego's program for
# dns-01 (`--dns exec`): Debian builds lego without its provider for Cloudflare.
# https://go-acme.github.io/lego/dns/exec/ and https://developers.cloudflare.com/api/resources/dns/
#
#   DNS_TOKEN_FILE  file with a token that has Zone:Read and DNS:Edit for the zone
set -eu
api=https://api.cloudflare.com/client/v4
name=${2%.}
value=$3
token=$(cat "${DNS_TOKEN_FILE:?is the path of the token's file}")

# call METHOD PATH [BODY]: the answer's result. The token goes by standard input, where no other process sees it.
call() {
  answer=$(printf 'header = "Authorization: Bearer %s"\n' "$token" | curl --silent --show-error --config - \
    --retry 4 --max-time 30 ${SSL_CERT_FILE:+--cacert "$SSL_CERT_FILE"} --request "$1" \
    --header 'Content-Type: application/json' ${3:+--data "$3"} --write-out '\n%{http_code}' "$api$2") ||
    { echo "cloudflare: $1 $api${2%%\?*} was not answered" >&2; return 1; }
  status=$(printf '%s\n' "$answer" | tail -n 1)
  body=$(printf '%s\n' "$answer" | sed '$d')
  if [ "$(printf '%s\n' "$body" | jq -r .success 2>/dev/null)" != true ]; then
    echo "cloudflare: $1 ${2%%\?*} was answered with $status: $(printf '%s\n' "$body" |
      jq -r '[.errors[] | "\(.message) (\(.code))"] | join(", ")' 2>/dev/null || printf %s "$body" | head -c 200)" >&2
    return 1
  fi
  printf '%s\n' "$body" | jq -c .result
}

# The zone is the longest name above the record that the token may see.
zone='' above=$name
while [ -z "$zone" ]; do
  above=${above#*.}
  case $above in *.*) ;; *) echo "cloudflare: the token sees no zone that $name lies in" >&2; exit 1 ;; esac
  found=$(call GET "/zones?name=$above")
  zone=$(printf '%s\n' "$found" | jq -r '.[0].id // empty')
done

case $1 in
  present)
    call POST "/zones/$zone/dns_records" "$(jq -nc --arg name "$name" --arg value "$value" \
      '{ type: "TXT", name: $name, content: "\"\($value)\"", ttl: 120, comment: "for a certificate; may be deleted" }')" >/dev/null
    ;;
  cleanup)
    records=$(call GET "/zones/$zone/dns_records?type=TXT&name=$name&per_page=100")
    for id in $(printf '%s\n' "$records" | jq -r --arg value "$value" '.[] | select(.content | gsub("\""; "") == $value) | .id'); do
      call DELETE "/zones/$zone/dns_records/$id" >/dev/null
    done
    ;;
  *) echo "cloudflare.sh: '$1' must be present or cleanup" >&2; exit 2 ;;
esac
