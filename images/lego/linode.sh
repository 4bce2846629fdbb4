#!/bin/sh
# linode.sh present|cleanup FQDN VALUE: puts a TXT record into its domain, or takes it out again. lego's program for
# dns-01 (`--dns exec`): Debian builds lego without its provider for Linode.
# https://go-acme.github.io/lego/dns/exec/ and https://techdocs.akamai.com/linode-api/reference/post-domain-record
#
#   DNS_TOKEN_FILE  file with a token that may read and write domains
set -eu
api=https://api.linode.com/v4
name=${2%.}
value=$3
token=$(cat "${DNS_TOKEN_FILE:?is the path of the token's file}")

# call METHOD PATH FILTER [BODY]: the answer. The token goes by standard input, where no other process sees it.
call() {
  answer=$(printf 'header = "Authorization: Bearer %s"\n' "$token" | curl --silent --show-error --config - \
    --retry 4 --max-time 30 ${SSL_CERT_FILE:+--cacert "$SSL_CERT_FILE"} --request "$1" --header "X-Filter: $3" \
    --header 'Content-Type: application/json' ${4:+--data "$4"} --write-out '\n%{http_code}' "$api$2") ||
    { echo "linode: $1 $api${2%%\?*} was not answered" >&2; return 1; }
  status=$(printf '%s\n' "$answer" | tail -n 1)
  body=$(printf '%s\n' "$answer" | sed '$d')
  if [ "$status" != 200 ]; then
    echo "linode: $1 ${2%%\?*} was answered with $status: $(printf '%s\n' "$body" |
      jq -r '[.errors[].reason] | join(", ")' 2>/dev/null || printf %s "$body" | head -c 200)" >&2
    return 1
  fi
  printf '%s\n' "$body"
}

# The domain is the longest name above the record that the account has.
domain='' above=$name
while [ -z "$domain" ]; do
  above=${above#*.}
  case $above in *.*) ;; *) echo "linode: the token sees no domain that $name lies in" >&2; exit 1 ;; esac
  found=$(call GET /domains "$(jq -nc --arg domain "$above" '{ domain: $domain }')")
  domain=$(printf '%s\n' "$found" | jq -r --arg domain "$above" '[.data[] | select(.domain == $domain) | .id][0] // empty')
done
record=${name%".$above"}

case $1 in
  present)
    call POST "/domains/$domain/records" '{}' "$(jq -nc --arg name "$record" --arg value "$value" \
      '{ type: "TXT", name: $name, target: $value, ttl_sec: 30 }')" >/dev/null
    ;;
  cleanup)
    records=$(call GET "/domains/$domain/records?page_size=500" '{"type":"TXT"}')
    for id in $(printf '%s\n' "$records" | jq -r --arg name "$record" --arg value "$value" \
      '.data[] | select(.type == "TXT" and .name == $name and .target == $value) | .id'); do
      call DELETE "/domains/$domain/records/$id" '{}' >/dev/null
    done
    ;;
  *) echo "linode.sh: '$1' must be present or cleanup" >&2; exit 2 ;;
esac
