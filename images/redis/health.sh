#!/bin/sh
# A positive answer only: a server that is still loading its data answers LOADING.
set -eu
REDISCLI_AUTH=$(sed -n 's/^requirepass //p' /run/secrets/redis.conf)
export REDISCLI_AUTH
if grep -q '^tls-port ' /run/secrets/redis.conf; then set -- --tls --cacert /run/secrets/ca.crt; fi
[ "$(redis-cli --no-auth-warning "$@" ping)" = PONG ]
