#!/bin/sh
# Starts a managed PostgreSQL on port $1 with the files of /run/managed: server.crt, server.key, password, settings.conf.
set -eu
cluster=/var/lib/postgresql/17/main

# A cluster that was interrupted while it was made is made anew; a finished one is never touched.
if [ ! -s "$cluster/PG_VERSION" ]; then
  rm -rf /var/lib/postgresql/17/unfinished
  mkdir -p /var/lib/postgresql/17
  initdb --pgdata=/var/lib/postgresql/17/unfinished --encoding=UTF8 --locale-provider=builtin \
    --locale=C.UTF-8 --builtin-locale=C.UTF-8 --auth-local=peer --auth-host=scram-sha-256 --data-checksums
  echo "include_if_exists = '/run/managed/settings.conf'" >> /var/lib/postgresql/17/unfinished/postgresql.conf
  mv /var/lib/postgresql/17/unfinished "$cluster"
fi
cp /etc/managed/pg_hba.conf "$cluster/pg_hba.conf"

pg_ctl --pgdata="$cluster" --wait --silent --log=/dev/null \
  --options="-c listen_addresses='' -c unix_socket_directories=/run/postgresql" start
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --host=/run/postgresql --dbname=postgres \
  --set=password="$(cat /run/managed/password)" --file=/etc/managed/administrator.sql
pg_ctl --pgdata="$cluster" --wait --silent --mode=fast stop

exec postgres -D "$cluster" -p "$1" -c listen_addresses='*' -c unix_socket_directories=/run/postgresql \
  -c ssl=on -c ssl_cert_file=/run/managed/server.crt -c ssl_key_file=/run/managed/server.key \
  -c ssl_min_protocol_version=TLSv1.2
