#!/bin/sh
# A positive answer only: a server that is still loading its data answers LOADING.
set -eu
REDISCLI_AUTH=$(sed -n 's/^requirepass //p' /run/secrets/redis.conf)
export REDISCLI_AUTH
[ "$(redis-cli --no-auth-warning ping)" = PONG ]
