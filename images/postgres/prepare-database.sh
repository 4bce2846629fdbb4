#!/bin/sh
# Makes roles and database on a server that somebody else runs, as its administrator, who is no superuser there. See
# roles.sh for the variables; besides these:
#
#   ADMIN_HOST, ADMIN_PORT, ADMIN_USER, ADMIN_PASSWORD_FILE, ADMIN_CA_FILE   the server, and who may make roles on it
#   ADMIN_DATABASE                                                          where to connect first
#   POSTGRES_LEAST_CONNECTIONS                                              connections that it has to take
set -eu
export PGHOST="$ADMIN_HOST" PGPORT="$ADMIN_PORT" PGUSER="$ADMIN_USER" PGDATABASE="${ADMIN_DATABASE:-defaultdb}"
export PGSSLMODE=verify-full PGSSLROOTCERT="$ADMIN_CA_FILE" PGCONNECT_TIMEOUT=10
PGPASSWORD=$(cat "$ADMIN_PASSWORD_FILE")
export PGPASSWORD

echo "Asking $PGHOST:$PGPORT as $PGUSER."
# A new cluster's name may take a while to lead to it, and who may come a moment to be known there.
tries=0
said=
until answer=$(psql --no-psqlrc --quiet --command='SELECT' 2>&1); do
  if [ "$answer" != "$said" ]; then echo "$answer" >&2; fi
  said=$answer
  tries=$((tries + 1))
  if [ "$tries" -ge 24 ]; then exit 1; fi
  sleep 5
done

ask() { psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --command="$1"; }
connections=$(ask "SHOW max_connections")
if [ "$connections" -lt "$POSTGRES_LEAST_CONNECTIONS" ]; then
  echo "failed: the server takes $connections connections, landfall:postgres.maxConnections wants $POSTGRES_LEAST_CONNECTIONS." \
    "Lower it, or choose a larger plan." >&2
  exit 2
fi
/usr/local/bin/roles.sh
echo "$POSTGRES_OWNER and ${POSTGRES_APP:-no other role} have the database $POSTGRES_DATABASE on $PGHOST:" \
  "PostgreSQL $(ask "SHOW server_version"), $connections connections."
