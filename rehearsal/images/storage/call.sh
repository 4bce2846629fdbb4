#!/bin/sh
# Calls the server as its owner: method $1, bucket and query $2, body $3. Prints the answer; fails on an HTTP error,
# with the answer on standard error.
set -eu
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT
access=$(sed -n 1p /run/storage/root)
secret=$(sed -n 2p /run/storage/root)
status=$(printf 'user = "%s:%s"\n' "$access" "$secret" | curl --silent --show-error --insecure --config - \
  --aws-sigv4 "aws:amz:$STORAGE_REGION:s3" --request "$1" --data-binary "$3" --output "$answer" \
  --write-out '%{http_code}' --connect-to "::127.0.0.1:443" "https://$STORAGE_HOST/$2")
case "$status" in
  2*) cat "$answer" ;;
  *) echo "HTTP $status" >&2; cat "$answer" >&2; exit 1 ;;
esac
