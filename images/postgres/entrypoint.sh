#!/bin/sh
# Starts PostgreSQL with its roles and database as the environment and the secret files say.
# Arguments go to the server, for example: -c max_connections=100
#
# With the name of a program (prepare-database or move-database) it runs that instead.
#
#   POSTGRES_DATABASE and so on    see roles.sh
#   POSTGRES_TLS                   required (server.crt and server.key in /run/secrets) or off
set -eu

case "${1:-}" in
  prepare-database | move-database) exec "/usr/local/bin/$1.sh" ;;
esac

cluster=/var/lib/postgresql/17/main
# A cluster that was interrupted while it was made is made anew; a finished one is never touched.
if [ ! -s "$cluster/PG_VERSION" ]; then
  rm -rf /var/lib/postgresql/17/unfinished
  mkdir -p /var/lib/postgresql/17
  initdb --pgdata=/var/lib/postgresql/17/unfinished --encoding=UTF8 --locale-provider=builtin \
    --locale=C.UTF-8 --builtin-locale=C.UTF-8 --auth-local=peer --auth-host=scram-sha-256 --data-checksums
  mv /var/lib/postgresql/17/unfinished "$cluster"
fi

case "${POSTGRES_TLS:-off}" in
  required)
    cp /etc/landfall/pg_hba.tls.conf "$cluster/pg_hba.conf"
    set -- -c ssl=on -c ssl_cert_file=/run/secrets/server.crt -c ssl_key_file=/run/secrets/server.key \
      -c ssl_min_protocol_version=TLSv1.2 "$@"
    ;;
  off) cp /etc/landfall/pg_hba.plain.conf "$cluster/pg_hba.conf" ;;
  *) echo "POSTGRES_TLS is '$POSTGRES_TLS'; it must be 'required' or 'off'" >&2; exit 2 ;;
esac

# Roles and their passwords are set at each start, on the socket alone, so that a new password needs no other step.
pg_ctl --pgdata="$cluster" --wait --silent --log=/dev/null \
  --options="-c listen_addresses='' -c unix_socket_directories=/run/postgresql" start
PGHOST=/run/postgresql PGDATABASE=postgres /usr/local/bin/roles.sh
if [ -x /usr/local/bin/load.sh ]; then /usr/local/bin/load.sh; fi
pg_ctl --pgdata="$cluster" --wait --silent --mode=fast stop

exec postgres -D "$cluster" -c listen_addresses='*' -c unix_socket_directories=/run/postgresql "$@"
