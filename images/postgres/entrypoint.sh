#!/bin/sh
# Starts PostgreSQL with its roles and database as the environment and the secret files say.
# Arguments go to the server, for example: -c max_connections=100
#
#   POSTGRES_DATABASE              database, owned by POSTGRES_OWNER
#   POSTGRES_OWNER                 role that changes the schema; password in POSTGRES_OWNER_PASSWORD_FILE
#   POSTGRES_APP                   role that reads and writes rows; password in POSTGRES_APP_PASSWORD_FILE
#   POSTGRES_TLS                   required (server.crt and server.key in /run/secrets) or off
set -eu

cluster=/var/lib/postgresql/17/main
: "${POSTGRES_DATABASE:?names the database}" "${POSTGRES_OWNER:?names the owner role}"
: "${POSTGRES_OWNER_PASSWORD_FILE:?is the path of the password file}"

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
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --host=/run/postgresql --dbname=postgres \
  --set=database="$POSTGRES_DATABASE" --set=owner="$POSTGRES_OWNER" --set=app="${POSTGRES_APP:-}" \
  --file=/etc/landfall/roles.sql
if [ -x /usr/local/bin/load.sh ]; then /usr/local/bin/load.sh; fi
pg_ctl --pgdata="$cluster" --wait --silent --mode=fast stop

exec postgres -D "$cluster" -c listen_addresses='*' -c unix_socket_directories=/run/postgresql "$@"
