#!/bin/sh
# Loads the sample once, whole or not at all, as the owner of the database.
set -eu
query() { psql --no-psqlrc --quiet --tuples-only --no-align --host=/run/postgresql --dbname="$POSTGRES_DATABASE" "$@"; }
loaded=$(query --command="SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'public' AND c.relkind = 'r'")
if [ "$loaded" = 0 ]; then
  { echo "SET ROLE \"$POSTGRES_OWNER\";"; gunzip --stdout /usr/share/legacy/dump.sql.gz | grep -v -E '^\\(un)?restrict '; } |
    query --single-transaction --set=ON_ERROR_STOP=1 --output=/dev/null
fi
