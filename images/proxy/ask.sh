#!/bin/sh
# ask.sh HOST PORT PATH TRUST [OPTION…]: asks this container's own server over HTTPS, as a client that reached PORT of it
# would for https://HOST/PATH. Prints the body and, in a line of its own, the status.
#
#   TRUST   file with the certificate that is trusted alone, be it a root or the server's own; or such a certificate, PEM
#   OPTION  of curl's, for example --haproxy-protocol
set -eu
host=$1 port=$2 path=$3 trust=$4
shift 4
case $trust in
  /*) ;;
  *)
    file=$(mktemp)
    trap 'rm -f "$file"' EXIT
    printf '%s\n' "$trust" >"$file"
    trust=$file
    ;;
esac
curl --silent --show-error --max-time 8 --max-filesize 65536 --cacert "$trust" --connect-to "$host:443:127.0.0.1:$port" \
  --write-out '\n%{http_code}' "$@" "https://$host$path"
